package dev.cmmshub.store;

import dev.cmmshub.tenant.FlowStage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The SQL of flows, within a transaction of the caller's. */
public final class FlowRows {
  private static final String ADD =
      """
      WITH told AS (
        SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::integer[])
          AS t (tenant_id, stage, party, entity, last_at, events, minutes)),
      known AS (
        INSERT INTO flow AS f (tenant_id, stage, party, entity, first_at, last_at)
        SELECT tenant_id, stage, party, entity, last_at, last_at FROM told
         ORDER BY tenant_id, stage, party, entity
        ON CONFLICT (tenant_id, stage, party, entity)
        DO UPDATE SET last_at = greatest(f.last_at, excluded.last_at))
      INSERT INTO flow_hour AS h (tenant_id, stage, party, entity, hour, events, minutes)
      SELECT tenant_id, stage, party, entity, date_trunc('hour', last_at), events, minutes FROM told
       ORDER BY tenant_id, stage, party, entity
      ON CONFLICT (tenant_id, stage, party, entity, hour)
      DO UPDATE SET events = h.events + excluded.events, minutes = h.minutes + excluded.minutes
      """;
  private static final String ALL =
      "SELECT tenant_id, stage, party, entity, last_at FROM flow ORDER BY 1, 2, 3, 4";
  private static final String MISSED =
      "SELECT tenant_id, stage, party, entity, last_at, missed FROM flow_missed(?) WHERE missed >= ?";
  private static final String FORGET = "DELETE FROM flow_hour WHERE hour < ?";
  private static final String WAITING =
      """
      SELECT min(first_failed_at) FROM parked
       WHERE tenant_id = ? AND stage = ? AND subscription = ? AND event_key LIKE ?
      """;

  /**
   * What succeeded of a flow.
   *
   * @param minutes in how many minutes of the hour of {@code last} that were not counted before
   */
  public record Tally(Flow flow, Instant last, long events, int minutes) {}

  /** When something of a flow last succeeded. */
  public record State(Flow flow, Instant last) {}

  private FlowRows() {}

  /** Adds to what is known; of each flow at most one. */
  public static void add(Connection connection, List<Tally> tallies) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADD)) {
      set(connection, statement, 1, "text", tallies, tally -> tally.flow().tenant());
      set(connection, statement, 2, "text", tallies, tally -> tally.flow().stage().text());
      set(connection, statement, 3, "text", tallies, tally -> tally.flow().party());
      set(connection, statement, 4, "text", tallies, tally -> tally.flow().entity());
      set(connection, statement, 5, "timestamptz", tallies, tally -> tally.last().toString());
      set(connection, statement, 6, "bigint", tallies, Tally::events);
      set(connection, statement, 7, "integer", tallies, Tally::minutes);
      statement.executeUpdate();
    }
  }

  private static void set(
      Connection connection,
      PreparedStatement statement,
      int place,
      String type,
      List<Tally> tallies,
      Function<Tally, Object> value)
      throws SQLException {
    Array array = connection.createArrayOf(type, tallies.stream().map(value).toArray());
    statement.setArray(place, array);
  }

  /** Every flow of the transaction's tenants. */
  public static List<State> all(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ALL)) {
      return states(statement);
    }
  }

  /** Those that have missed so many minutes with traffic since they last succeeded. */
  public static List<State> missed(Connection connection, Instant now, double minutes)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MISSED)) {
      statement.setObject(1, now.atOffset(ZoneOffset.UTC));
      statement.setDouble(2, minutes);
      return states(statement);
    }
  }

  private static List<State> states(PreparedStatement statement) throws SQLException {
    List<State> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new State(
                new Flow(
                    rows.getString(1),
                    FlowStage.of(rows.getString(2)),
                    rows.getString(3),
                    rows.getString(4)),
                rows.getObject(5, OffsetDateTime.class).toInstant()));
      }
    }
    return found;
  }

  /** Since when the oldest event of a flow has been waiting for another try. */
  public static Optional<Instant> waiting(Connection connection, Flow flow) throws SQLException {
    boolean applied = flow.stage() == FlowStage.APPLIED;
    try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
      statement.setString(1, flow.tenant());
      statement.setString(2, applied ? Waiting.TRANSFORM : Waiting.DELIVER);
      statement.setString(3, applied ? "" : flow.party());
      // Names have no characters that LIKE reads in another way.
      statement.setString(
          4,
          flow.tenant()
              + '|'
              + (applied ? flow.party() : "%")
              + '|'
              + flow.entity().replace('*', '%')
              + "|%");
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
            .map(OffsetDateTime::toInstant);
      }
    }
  }

  /** Forgets hours before this time. */
  public static void forget(Connection connection, Instant before) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
      statement.setObject(1, before.atOffset(ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }
}
