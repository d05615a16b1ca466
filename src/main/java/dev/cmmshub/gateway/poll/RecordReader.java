package dev.cmmshub.gateway.poll;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Origin;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.Waiting;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Makes events of the records of a page, by the envelope mapping that pushed events pass too. So a
 * record that comes twice, or was pushed before, has the id it had.
 */
public final class RecordReader {
  /**
   * What a request would be refused for because of its body; all else is not the record's fault.
   */
  private static final Set<Integer> OF_THE_RECORD = Set.of(400, 413, 415, 422);

  private final EventReader reader;
  private final Clock clock;

  public RecordReader(EventReader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  TakenPage read(PollTurn turn, Page page) {
    List<Event> fresh = new ArrayList<>(page.records().size());
    List<FailedEvent> unrecognised = new ArrayList<>(0);
    Set<String> ids = new HashSet<>();
    Origin origin = Origin.of("poll:" + turn.of().poll().resource(), null);
    for (JsonNode found : page.records()) {
      byte[] bytes = Json.write(found);
      try {
        Event event =
            reader
                .read(turn.of().tenant(), turn.of().system().name(), null, null, bytes)
                .from(origin);
        if (ids.add(event.id()) && !turn.sentBefore().contains(event.id())) {
          fresh.add(event);
        }
      } catch (ProblemException e) {
        if (!OF_THE_RECORD.contains(e.status())) {
          throw e;
        }
        FailedEvent failed = unrecognised(turn, origin, bytes, e);
        if (ids.add(failed.event().id()) && !turn.sentBefore().contains(failed.event().id())) {
          unrecognised.add(failed);
        }
      }
    }
    return new TakenPage(page, fresh, unrecognised, ids);
  }

  /** Named by its bytes, since nobody knows what it is: the same record is one dead letter. */
  private FailedEvent unrecognised(
      PollTurn turn, Origin origin, byte[] bytes, ProblemException problem) {
    EventKey key =
        new EventKey(
            turn.of().tenant().id(),
            turn.of().system().name(),
            turn.of().poll().resource(),
            sha256(bytes));
    String id = EventIds.ofVersion(key, 0).toString();
    Event event =
        new Event(
            id,
            Event.type(key.entity(), "unrecognised"),
            key.entity() + '/' + key.externalId(),
            key,
            0,
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            "application/json",
            null,
            id,
            null,
            null,
            origin,
            bytes);
    return new FailedEvent(
        event, new Failure(Waiting.POLL, "malformed", reason(problem), 0, null, null), 1);
  }

  static String reason(ProblemException problem) {
    return problem.code() + ": " + problem.getMessage();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
