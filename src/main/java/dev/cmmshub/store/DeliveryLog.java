package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers which observer has got which event, and keeps what an observer did not take in order:
 * delivery is at least once, but seldom twice, and never past an earlier event that waits.
 */
public final class DeliveryLog {
  private static final String SELECT =
      """
      SELECT event_id::text, subscription FROM delivery
       WHERE tenant_id = ANY (?::text[]) AND event_id = ANY (?::uuid[])
      """;
  private static final String INSERT =
      """
      INSERT INTO delivery (tenant_id, event_id, subscription, attempt, outcome)
      SELECT * FROM unnest(?::text[], ?::uuid[], ?::text[], ?::integer[], ?::text[])
      ON CONFLICT DO NOTHING
      """;

  /**
   * One event that an observer has got.
   *
   * @param parked whether it waited, so that the next of its key is due now
   * @param found whether the observer had it already, as it told when it was asked
   */
  public record Entry(Waiting waiting, int attempt, boolean parked, boolean found) {}

  /** What is written at once: deliveries, failures to hold, and what is to queue behind them. */
  public record Writes(
      Collection<Entry> delivered,
      Collection<ParkedKeys.Failed> failed,
      Collection<Waiting> behind) {}

  /**
   * What came of the writing.
   *
   * @param nowDue how many events became heads of their keys
   * @param free those that need not queue, since their key is free
   */
  public record Written(int nowDue, Set<Waiting> free) {}

  /**
   * Which of these may be delivered now: not those delivered before, and not those whose ordering
   * key has something waiting, which queue behind it at once. Waits while the shard is away.
   */
  public List<Waiting> admit(Shard shard, Set<String> tenants, List<Waiting> all)
      throws SQLException {
    return Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                tenants,
                connection -> {
                  List<Waiting> fresh = fresh(connection, tenants, all);
                  Set<Waiting> parked = ParkedKeys.among(connection, fresh);
                  if (!parked.isEmpty()) {
                    parked.removeAll(ParkedKeys.behind(connection, parked));
                    fresh.removeAll(parked);
                  }
                  return fresh;
                }));
  }

  /** The same event can also stand twice in one batch. */
  private static List<Waiting> fresh(Connection connection, Set<String> tenants, List<Waiting> all)
      throws SQLException {
    Set<String> known = delivered(connection, tenants, all);
    List<Waiting> fresh = new ArrayList<>(all.size());
    for (Waiting waiting : all) {
      if (known.add(waiting.event().id() + '/' + waiting.subscription())) {
        fresh.add(waiting);
      }
    }
    return fresh;
  }

  private static Set<String> delivered(
      Connection connection, Set<String> tenants, List<Waiting> all) throws SQLException {
    Object[] events = all.stream().map(waiting -> waiting.event().id()).distinct().toArray();
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setArray(1, connection.createArrayOf("text", tenants.toArray()));
      statement.setArray(2, connection.createArrayOf("text", events));
      Set<String> found = new HashSet<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1) + '/' + rows.getString(2));
        }
      }
      return found;
    }
  }

  /** Does all of it in one transaction; waits while the shard is away. */
  public Written write(Shard shard, Set<String> tenants, Writes writes) throws SQLException {
    return Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                tenants,
                connection -> {
                  int nowDue = deliver(connection, writes.delivered());
                  ParkedKeys.hold(connection, writes.failed());
                  Set<Waiting> free =
                      writes.behind().isEmpty()
                          ? Set.of()
                          : ParkedKeys.behind(connection, writes.behind());
                  return new Written(nowDue, free);
                }));
  }

  private static int deliver(Connection connection, Collection<Entry> entries) throws SQLException {
    if (entries.isEmpty()) {
      return 0;
    }
    Object[][] columns = new Object[5][entries.size()];
    List<ParkedKeys.Released> released = new ArrayList<>(0);
    int i = 0;
    for (Entry entry : entries) {
      Waiting waiting = entry.waiting();
      columns[0][i] = waiting.tenant();
      columns[1][i] = waiting.event().id();
      columns[2][i] = waiting.subscription();
      columns[3][i] = entry.attempt();
      columns[4][i++] = entry.found() ? "found" : "delivered";
      if (entry.parked()) {
        released.add(
            new ParkedKeys.Released(
                waiting.tenant(), waiting.event().id(), waiting.stage(), waiting.subscription()));
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (int c = 0; c < columns.length; c++) {
        statement.setArray(c + 1, connection.createArrayOf(c == 3 ? "int4" : "text", columns[c]));
      }
      statement.executeUpdate();
    }
    return released.isEmpty() ? 0 : ParkedKeys.release(connection, released);
  }
}
