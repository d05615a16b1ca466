package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.transform.UntranslatableException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tries out what a stage makes of a payload, before it is run. */
public final class Rehearsals {
  private final Map<String, Rehearsal> byStage = new ConcurrentHashMap<>();

  /** One of the two is null. */
  record Result(JsonNode accepted, Failure failure) {}

  /**
   * Says how a stage is tried out.
   *
   * @param stage what a failure has as its stage
   */
  public void register(String stage, Rehearsal rehearsal) {
    byStage.put(stage, rehearsal);
  }

  Result of(FailedEvent waiting) {
    Failure was = waiting.failure();
    Rehearsal rehearsal = byStage.get(was.stage());
    if (rehearsal == null) {
      return refused(was, "internal", "no stage '" + was.stage() + "' can be tried out");
    }
    try {
      return new Result(rehearsal.of(waiting), null);
    } catch (UntranslatableException e) {
      return new Result(null, e.failure());
    } catch (RuntimeException e) {
      // A fault of the hub itself is what the operator must see here.
      return refused(was, "internal", e.toString());
    }
  }

  private static Result refused(Failure was, String errorClass, String reason) {
    return new Result(
        null, new Failure(was.stage(), errorClass, reason, 0, null, was.subscription()));
  }
}
