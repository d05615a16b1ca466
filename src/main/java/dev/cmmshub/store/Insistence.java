package dev.cmmshub.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does database work until it is done: while a shard is away its step waits, and no event is
 * blamed. The pause doubles from 100 ms to 5 s. Interrupting the thread ends the waiting.
 */
public final class Insistence {
  private static final Logger LOG = LoggerFactory.getLogger(Insistence.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * Of class 25 these are nobody's mistake: a standby that was asked, and a transaction that the
   * server ended since this process stood still in it.
   */
  private static final Set<String> STATES = Set.of("25006", "25P03", "25P04");

  /** Work that may fail because the shard is away. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  private Insistence() {}

  /**
   * Returns the result as soon as the shard gives it.
   *
   * @throws SQLException when the work itself is wrong and would fail again
   * @throws IllegalStateException when the thread was interrupted, which means: shutting down
   */
  public static <T> T insist(String shard, Work<T> work) throws SQLException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return work.run();
      } catch (SQLException e) {
        if (!isTransient(e)) {
          throw e;
        }
        if (pause.equals(FIRST_PAUSE)) {
          LOG.warn("Shard {} is away: {}. Tried until it answers", shard, e.getMessage());
        } else {
          LOG.debug("Shard {} is still away: {}", shard, e.getMessage());
        }
        LockSupport.parkNanos(pause.toNanos());
        if (Thread.interrupted()) {
          throw new IllegalStateException("stopped while waiting for shard " + shard, e);
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
  }

  /** Whether the same work may succeed later: connection, resources, operator, deadlock. */
  static boolean isTransient(SQLException e) {
    if (e instanceof SQLTransientException || e.getSQLState() == null) {
      return true;
    }
    String state = e.getSQLState();
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("40")
        || state.startsWith("58")
        || state.startsWith("28")
        || STATES.contains(state);
  }
}
