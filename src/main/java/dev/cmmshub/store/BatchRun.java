package dev.cmmshub.store;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One time of a definition, and what became of it.
 *
 * @param time of the schedule, however late it begins
 * @param day by the clock of the definition's time zone
 * @param reason what it waits for, or why it failed or was skipped
 * @param byHand an operator began it: it waits for nothing
 * @param attempt 1, and one more each time that an operator begins it anew; 0 when it was before
 *     the load was defined or enabled
 * @param entities what is loaded, one after the other
 * @param since changes from here on are read; empty for everything
 * @param jobs one for each entity that was begun; the last is the one that is worked on
 * @param rejected rows that were not taken
 * @param node who does it, or did
 */
public record BatchRun(
    String tenant,
    String definition,
    Instant time,
    LocalDate day,
    State state,
    Optional<String> reason,
    boolean byHand,
    int attempt,
    String system,
    List<String> entities,
    Optional<Instant> since,
    List<UUID> jobs,
    long rejected,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<String> node) {

  /** Where a run is. */
  public enum State {
    /** Its time has come, and something has to come before it. */
    WAITING,
    RUNNING,
    /** Its window has ended; it goes on at the next one. */
    PAUSED,
    /** All of its jobs ended well. */
    DONE,
    FAILED,
    /** It will not be done: another time came before it could begin. */
    SKIPPED;

    public boolean isOpen() {
      return this == WAITING || this == RUNNING || this == PAUSED;
    }

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public BatchRun {
    entities = List.copyOf(entities);
    jobs = List.copyOf(jobs);
  }

  /** One that nobody has begun. */
  public static BatchRun of(
      String tenant,
      String definition,
      Instant time,
      LocalDate day,
      String system,
      List<String> entities) {
    return new BatchRun(
        tenant,
        definition,
        time,
        day,
        State.WAITING,
        Optional.empty(),
        false,
        1,
        system,
        entities,
        Optional.empty(),
        List.of(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
