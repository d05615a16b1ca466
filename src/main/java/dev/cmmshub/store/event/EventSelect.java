package dev.cmmshub.store.event;

import dev.cmmshub.message.CanonicalSchemas;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The SQL that finds events in one table of one shard. Row level security lets only operators that
 * cannot leak a value use an index; so what an index is for is written with those, and all else is
 * looked at row by row, of so many rows at most.
 */
final class EventSelect {
  /** A subquery with a limit is asked row by row; EXISTS might read a whole table instead. */
  private static final String STATUS =
      "CASE WHEN "
          + in("dead_letter", "")
          + " THEN 'dead-lettered' WHEN "
          + in("parked", "")
          + " THEN 'parked' WHEN "
          + in("discarded_letter", "")
          + " THEN 'discarded' WHEN "
          + in("delivery", " AND x.outcome <> 'superseded'")
          + " THEN 'delivered' WHEN c.stale THEN 'superseded' ELSE 'applied' END";

  private static final String ORDER = " ORDER BY received_at DESC, event_id DESC LIMIT ";

  private final Source source;
  private final EventQuery query;
  private final String entity;
  private final int examined;

  private static String in(String table, String more) {
    return "(SELECT true FROM "
        + table
        + " AS x WHERE x.event_id = c.event_id AND x.tenant_id = c.tenant_id"
        + more
        + " LIMIT 1)";
  }

  /**
   * @param entity the one that the index is read for, or null for all
   * @param examined how many rows are looked at when no index answers all of the question
   */
  EventSelect(Source source, EventQuery query, String entity, int examined) {
    this.source = source;
    this.query = query;
    this.entity = entity;
    this.examined = hasMore() || query.isPrefix() ? examined : query.most();
  }

  /**
   * The entities to be asked for one by one, since the index of a tenant's events begins with them;
   * null alone when it is not that index.
   */
  static List<String> entities(Source source, EventQuery query) {
    boolean byTenant =
        query.tenant() != null
            && source == Source.INBOX
            && query.externalId() == null
            && !"superseded".equals(query.status());
    if (!byTenant) {
      return java.util.Collections.singletonList(null);
    }
    return query.entity() != null
        ? List.of(query.entity())
        : Stream.concat(Stream.of(""), CanonicalSchemas.ENTITIES.stream()).toList();
  }

  /** Those found, and how far back all were looked at: null when that is all there are. */
  record Part(List<FoundEvent> events, EventCursor reached) {}

  Part run(Connection connection, String shard) throws SQLException {
    plan(connection);
    if (query.isPrefix()) {
      requireFew(connection);
    }
    List<FoundEvent> events = events(connection, shard);
    if (events.size() == query.most()) {
      return new Part(events, events.get(events.size() - 1).place());
    }
    return new Part(events, hasMore() ? lastExamined(connection) : null);
  }

  /** What an index has in order is never to be sorted; only what a prefix finds has to be. */
  private void plan(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT set_config('enable_sort', '" + (query.isPrefix() ? "on" : "off") + "', true)");
    }
  }

  /** Whether something is left that the index does not know. */
  private boolean hasMore() {
    return query.system() != null
        || query.text() != null
        || (query.entity() != null && entity == null)
        || (query.tenant() != null && entity == null)
        || query.status() != null;
  }

  private List<FoundEvent> events(Connection connection, String shard) throws SQLException {
    Conditions conditions = new Conditions(source, query, entity);
    StringBuilder sql =
        new StringBuilder("SELECT * FROM (SELECT DISTINCT ON (received_at, event_id) c.*, ")
            .append(STATUS)
            .append(" AS status FROM (")
            .append(candidates(conditions))
            .append(") AS c")
            .append(Conditions.where(conditions.residual()))
            .append(" ORDER BY received_at DESC, event_id DESC) AS s");
    if (query.status() != null) {
      sql.append(Conditions.where(List.of(conditions.is("status", query.status()))));
    }
    sql.append(ORDER).append(query.most());
    return conditions.rows(connection, sql.toString(), rows -> event(rows, shard));
  }

  private EventCursor lastExamined(Connection connection) throws SQLException {
    Conditions conditions = new Conditions(source, query, entity);
    String sql =
        "SELECT received_at, event_id FROM ("
            + candidates(conditions)
            + ") AS c OFFSET "
            + (examined - 1);
    List<EventCursor> last =
        conditions.rows(
            connection,
            sql,
            rows ->
                new EventCursor(
                    rows.getTimestamp(1).toInstant(), rows.getObject(2, java.util.UUID.class)));
    return last.isEmpty() ? null : last.get(0);
  }

  private void requireFew(Connection connection) throws SQLException {
    Conditions conditions = new Conditions(source, query, entity);
    String sql =
        "SELECT count(*) FROM (SELECT FROM "
            + source.table()
            + Conditions.where(conditions.begin())
            + " LIMIT "
            + (examined + 1)
            + ") AS c";
    if (conditions.rows(connection, sql, rows -> rows.getInt(1)).get(0) > examined) {
      throw new TooManyException(
          "more than "
              + examined
              + " events have an external id that begins so: give more of it,"
              + " or --tenant, --since and --until and --text instead");
    }
  }

  /** What is read by an index, in the order of time. */
  private String candidates(Conditions conditions) {
    String rows =
        "SELECT "
            + source.columns()
            + " FROM "
            + source.table()
            + Conditions.where(conditions.indexed());
    // A limit that has no order leaves only the index of the begin.
    return (query.isPrefix()
            ? "SELECT * FROM (" + rows + " LIMIT " + (examined + 1) + ") AS b"
            : rows)
        + ORDER
        + examined;
  }

  private static FoundEvent event(ResultSet rows, String shard) throws SQLException {
    String entity = rows.getString("entity");
    String action = rows.getString("action");
    return new FoundEvent(
        rows.getString("tenant_id"),
        rows.getString("event_id"),
        rows.getTimestamp("received_at").toInstant(),
        rows.getString("system"),
        entity,
        rows.getString("external_id"),
        action.isEmpty() ? entity : entity + '.' + action,
        rows.getLong("source_version"),
        rows.getString("received_by"),
        rows.getString("status"),
        shard);
  }
}
