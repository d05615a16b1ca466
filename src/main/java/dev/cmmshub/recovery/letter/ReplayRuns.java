package dev.cmmshub.recovery.letter;

import dev.cmmshub.store.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tells how far replay runs have come: what waits, what failed again and why. */
public final class ReplayRuns {
  private static final String LAST_DUE =
      "SELECT max(due_at) FROM parked WHERE replay_run = ? AND attempt = 0 AND NOT claimed";
  private static final String WAITING =
      """
      SELECT count(*), count(*) FILTER (WHERE due_at IS NULL)
        FROM parked WHERE replay_run = ? AND attempt = 0
      """;
  private static final String RETRIED =
      """
      SELECT DISTINCT ON (error_class) error_class, count(*) OVER (PARTITION BY error_class),
             tenant_id, event_id::text, stage, subscription, event_key, reason
        FROM parked WHERE replay_run = ? AND attempt > 0
       ORDER BY error_class, first_failed_at DESC
      """;
  private static final String FAILED =
      """
      SELECT DISTINCT ON (error_class) error_class, count(*) OVER (PARTITION BY error_class),
             tenant_id, event_id::text, stage, subscription, event_key, reason
        FROM dead_letter WHERE replay_run = ?
       ORDER BY error_class, died_at DESC
      """;

  private final Letters letters;

  public ReplayRuns(Letters letters) {
    this.letters = letters;
  }

  /** Failures of one error class, with the newest of them. */
  public record Group(String errorClass, long count, LetterId id, String key, String reason) {}

  /**
   * How far a run has come; what is in none of these passed.
   *
   * @param waiting not run yet
   * @param behind those of {@code waiting} that queue behind an earlier event of their object
   * @param retried failed with what passes, tried again on the tenant's schedule
   * @param failed dead letters again
   */
  public record Progress(long waiting, long behind, List<Group> retried, List<Group> failed) {}

  public Progress progress(UUID run) throws SQLException {
    long[] counts = new long[2];
    List<Group> retried = new ArrayList<>();
    List<Group> failed = new ArrayList<>();
    for (Map.Entry<Shard, List<String>> entry : letters.owners().entrySet()) {
      entry
          .getKey()
          .transaction(
              entry.getValue(),
              connection -> {
                addWaiting(connection, run, counts);
                addGroups(connection, RETRIED, run, retried);
                addGroups(connection, FAILED, run, failed);
                return null;
              });
    }
    return new Progress(counts[0], counts[1], retried, failed);
  }

  /** When the last one that waits is due; empty when none does. */
  Optional<Instant> lastDue(UUID run) throws SQLException {
    Instant last = null;
    for (Map.Entry<Shard, List<String>> entry : letters.owners().entrySet()) {
      Instant due =
          entry.getKey().transaction(entry.getValue(), connection -> lastDue(connection, run));
      last = last == null || due != null && due.isAfter(last) ? due : last;
    }
    return Optional.ofNullable(last);
  }

  private static Instant lastDue(Connection connection, UUID run) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAST_DUE)) {
      statement.setObject(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getTimestamp(1) == null ? null : rows.getTimestamp(1).toInstant();
      }
    }
  }

  private static void addWaiting(Connection connection, UUID run, long[] counts)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
      statement.setObject(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        counts[0] += rows.getLong(1);
        counts[1] += rows.getLong(2);
      }
    }
  }

  /** Groups of several shards are added up. */
  private static void addGroups(Connection connection, String sql, UUID run, List<Group> groups)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          LetterId id =
              new LetterId(
                  rows.getString(3), rows.getString(4), rows.getString(5), rows.getString(6));
          Group found =
              new Group(
                  rows.getString(1), rows.getLong(2), id, rows.getString(7), rows.getString(8));
          add(groups, found);
        }
      }
    }
  }

  private static void add(List<Group> groups, Group found) {
    for (int i = 0; i < groups.size(); i++) {
      Group known = groups.get(i);
      if (known.errorClass().equals(found.errorClass())) {
        groups.set(
            i,
            new Group(
                known.errorClass(),
                known.count() + found.count(),
                known.id(),
                known.key(),
                known.reason()));
        return;
      }
    }
    groups.add(found);
  }
}
