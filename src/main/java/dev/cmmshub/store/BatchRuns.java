package dev.cmmshub.store;

import dev.cmmshub.store.BatchRun.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Runs of loads that come again, each in its tenant's shard. Who has a run's lease, by the shard's
 * clock, does what is to be done; what another process has taken over cannot be changed any more.
 */
public final class BatchRuns {
  private static final String CLAIM =
      """
      UPDATE batch_run AS r
         SET lease_owner = ?, lease_until = now() + ? * interval '1 millisecond', node = ?
       WHERE r.state IN ('waiting', 'running', 'paused')
         AND (r.lease_owner = ? OR r.lease_until IS NULL OR r.lease_until < now())
         AND (r.tenant_id, r.definition) IN (SELECT * FROM unnest(?::text[], ?::text[]))
      RETURNING r.*
      """;

  private static final String HELD =
      " WHERE tenant_id = ? AND definition = ? AND logical_time = ? AND lease_owner = ?"
          + " AND lease_until > now()";

  private static final String BEGIN =
      "UPDATE batch_run AS r SET state = 'running', started_at = now(), since = ?, reason = NULL"
          + HELD
          + """
             AND state = 'waiting'
             AND NOT EXISTS (SELECT FROM batch_run AS o
                  WHERE o.tenant_id = r.tenant_id AND o.definition = r.definition
                    AND o.state IN ('running', 'paused'))
            RETURNING r.*
            """;

  private static final String MOVE =
      "UPDATE batch_run SET state = ?, reason = ?,"
          + " ended_at = CASE WHEN ? IN ('done', 'failed') THEN now() END"
          + HELD;

  private static final String JOB = "UPDATE batch_run SET jobs = jobs || ?" + HELD;

  private static final String COUNT = "UPDATE batch_run SET rejected = ?" + HELD;

  private static final String RELEASE =
      "UPDATE batch_run SET lease_until = now() - interval '1 second' WHERE lease_owner = ?"
          + " AND state IN ('waiting', 'running', 'paused')";

  private static final String UNIQUE_VIOLATION = "23505";

  private final UUID owner;
  private final String node;

  /**
   * @param owner this process, to be told from all others and from itself before a restart
   * @param node what people call it
   */
  public BatchRuns(UUID owner, String node) {
    this.owner = owner;
    this.node = node;
  }

  /**
   * Takes or renews the lease of each run that goes on and that no other process has.
   *
   * @param tenants of definitions, each at the same place as its id
   */
  public List<BatchRun> claim(
      Shard shard, List<String> tenants, List<String> definitions, Duration lease)
      throws SQLException {
    return shard.transaction(
        new TreeSet<>(tenants),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setObject(1, owner);
            statement.setLong(2, lease.toMillis());
            statement.setString(3, node);
            statement.setObject(4, owner);
            statement.setArray(5, connection.createArrayOf("text", tenants.toArray()));
            statement.setArray(6, connection.createArrayOf("text", definitions.toArray()));
            return BatchRunRows.all(statement);
          }
        });
  }

  /**
   * Begins one that waits.
   *
   * @return as it is then; empty when another one of its definition is begun, or another process
   *     has it
   */
  public Optional<BatchRun> begin(Shard shard, BatchRun run, Optional<Instant> since)
      throws SQLException {
    try {
      return shard.transaction(
          Set.of(run.tenant()),
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
              set(
                  statement,
                  since.map(Timestamp::from).orElse(null),
                  run.tenant(),
                  run.definition(),
                  at(run),
                  owner);
              return BatchRunRows.all(statement).stream().findFirst();
            }
          });
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Moves it to another state; false when another process has it.
   *
   * @param reason why, or null
   */
  public boolean move(Shard shard, BatchRun run, State to, String reason) throws SQLException {
    return held(shard, run, MOVE, to.text(), reason, to.text());
  }

  /** Notes the job of its next entity; false when another process has it. */
  public boolean addJob(Shard shard, BatchRun run, UUID job) throws SQLException {
    return held(shard, run, JOB, job);
  }

  /** Notes how many rows were not taken. */
  public boolean reject(Shard shard, BatchRun run, long rows) throws SQLException {
    return held(shard, run, COUNT, rows);
  }

  private boolean held(Shard shard, BatchRun run, String sql, Object... values)
      throws SQLException {
    List<Object> all = new ArrayList<>(Arrays.asList(values));
    all.addAll(List.of(run.tenant(), run.definition(), at(run), owner));
    return shard.transaction(
        Set.of(run.tenant()), connection -> update(connection, sql, all.toArray()));
  }

  /** Lets others go on at once with what this process did. */
  public void release(Shard shard, Collection<String> tenants) throws SQLException {
    shard.transaction(tenants, connection -> update(connection, RELEASE, owner));
  }

  private static Timestamp at(BatchRun run) {
    return Timestamp.from(run.time());
  }

  private static boolean update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate() > 0;
    }
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
