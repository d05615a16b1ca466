package dev.cmmshub.recovery.letter;

import dev.cmmshub.message.FailedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Puts an event that was given up back among those that wait for their stage to be run again. */
@FunctionalInterface
public interface Requeue {
  /**
   * Within the caller's transaction, which takes the event out of the dead letters. Order per
   * business object holds: the event waits among others of its key by its version.
   *
   * @param failed stage, subscription and payload to be used
   * @param due not to be run before, as far as it is the head of its key
   * @param replay how many times it was put back with this one
   * @return false when the event waits at that stage already; nothing has changed then
   */
  boolean requeue(Connection connection, FailedEvent failed, Instant due, int replay)
      throws SQLException;
}
