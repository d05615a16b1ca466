package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.AuditLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Puts dead letters back, so that their stage is run again. Each keeps its event id and gets a
 * replay number; what fails again becomes a dead letter again or is tried on the tenant's schedule.
 */
public final class LetterReplays {
  /** A mapping that was mended a moment ago is in use by then. */
  private static final Duration SETTLED = Duration.ofMillis(100);

  private final Letters letters;
  private final LetterChange change;
  private final ReplayRuns runs;
  private final Requeue requeue;
  private final Clock clock;

  public LetterReplays(Letters letters, ReplayRuns runs, Requeue requeue, Clock clock) {
    this.letters = letters;
    this.change = new LetterChange(letters);
    this.runs = runs;
    this.requeue = requeue;
    this.clock = clock;
  }

  /** One letter that was put back. */
  public record Replayed(LetterId id, int replay, UUID run) {}

  /**
   * Part of a run.
   *
   * @param putBack how many are due from now on, at the rate that was asked for
   * @param left how many are dead letters still since their event waits already
   * @param remaining how many the next part has
   */
  public record Part(UUID run, int putBack, int left, long remaining) {}

  /** Due times that keep a rate. */
  private static final class Pace {
    private final Duration step;
    private Instant next;

    Pace(Instant first, int rate) {
      this.step = Duration.ofSeconds(1).dividedBy(rate);
      this.next = first;
    }

    Instant next() {
      Instant now = next;
      next = next.plus(step);
      return now;
    }
  }

  /**
   * Puts one back, to be run at once, and notes it in the audit.
   *
   * @param name the letter's id, or as much of it as is unambiguous
   * @param seen version of the payload the operator looked at; empty when any will do
   * @throws Refusal when another one was quicker
   */
  public Replayed one(String name, OptionalInt seen, Operator operator) throws SQLException {
    UUID run = UUID.randomUUID();
    return change.one(
        name,
        seen,
        (connection, letter) -> {
          if (!putBack(connection, letter, soon(), run, operator)) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "waiting",
                letter.id() + ": its event waits to be run already; look at it again later");
          }
          return new Replayed(letter.id(), letter.replay() + 1, run);
        });
  }

  /**
   * Puts back what matches, at most so many, spread over time by the rate.
   *
   * @param run the one this goes on with, empty for a new one; a letter that failed again in a run
   *     is not put back by it twice
   * @param rate a second
   */
  public Part some(LetterFilter asked, Optional<UUID> run, int most, int rate, Operator operator)
      throws SQLException {
    UUID id = run.orElseGet(UUID::randomUUID);
    LetterFilter filter = asked.without(id);
    Instant soon = soon();
    Instant last = runs.lastDue(id).orElse(soon);
    Pace pace = new Pace(last.isAfter(soon) ? last : soon, rate);
    int[] left = {0};
    int done =
        change.all(
            filter,
            most,
            (connection, letter) -> {
              if (!putBack(connection, letter, pace.next(), id, operator)) {
                LetterRow.noteRun(connection, letter.id(), id);
                left[0]++;
              }
              return null;
            });
    long remaining = letters.count(filter).values().stream().mapToLong(Long::longValue).sum();
    return new Part(id, done - left[0], left[0], remaining);
  }

  private Instant soon() {
    return clock.instant().plus(SETTLED);
  }

  private boolean putBack(
      Connection connection, LetterContent letter, Instant due, UUID run, Operator operator)
      throws SQLException {
    int replay = letter.replay() + 1;
    if (!requeue.requeue(connection, letter.failed(letter.payload()), due, replay)) {
      return false;
    }
    LetterRow.noteParkedRun(connection, letter.id(), run);
    LetterRow.delete(connection, letter.id());
    ObjectNode detail =
        Json.mapper()
            .createObjectNode()
            .put("replay", replay)
            .put("run", run.toString())
            .put("errorClass", letter.errorClass())
            .put("payload", LetterContent.sha256(letter.payload()));
    AuditLog.append(
        connection,
        letter.id().tenant(),
        operator.name(),
        "replayed",
        letter.id().toString(),
        detail.toString());
    return true;
  }
}
