package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.MappingUsed;
import dev.cmmshub.message.TraceParent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The set-based statements of the inbox: which events were here, and what is to be told of them.
 */
final class InboxRows {
  private static final String INSERT =
      """
      INSERT INTO inbox (tenant_id, event_id, received_at, source_version, mapping, system, entity,
                         action, external_id, received_by, api, correlation_id, causation_id,
                         trace_id)
      SELECT * FROM unnest(?::text[], ?::uuid[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                           ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                           ?::text[], ?::text[], ?::uuid[])
      ON CONFLICT DO NOTHING
      RETURNING event_id::text
      """;
  private static final String REPEATED =
      """
      UPDATE inbox SET repeats = repeats + 1, repeated_at = now()
       WHERE event_id = ANY (?::uuid[])
      RETURNING CASE WHEN stale THEN event_id::text END AS stale_id
      """;
  private static final String MARK_STALE =
      "UPDATE inbox SET stale = true WHERE event_id = ANY (?::uuid[]) RETURNING event_id::text";

  private InboxRows() {}

  /** Notes the events as seen and returns the ids of those that were not seen before. */
  static Set<String> insert(Connection connection, List<Event> events) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      set(statement, 1, "text", events, event -> event.key().tenant());
      set(statement, 2, "text", events, Event::id);
      set(statement, 3, "timestamptz", events, event -> Timestamp.from(event.time()));
      set(statement, 4, "int8", events, Event::version);
      set(statement, 5, "int8", events, InboxRows::mapping);
      set(statement, 6, "text", events, event -> event.key().system());
      set(statement, 7, "text", events, event -> event.key().entity());
      set(statement, 8, "text", events, InboxRows::action);
      set(statement, 9, "text", events, event -> event.key().externalId());
      set(statement, 10, "text", events, event -> event.origin().receivedBy());
      set(statement, 11, "text", events, event -> event.origin().api());
      set(statement, 12, "text", events, InboxRows::correlation);
      set(statement, 13, "text", events, Event::causationId);
      set(statement, 14, "text", events, InboxRows::trace);
      return strings(statement);
    }
  }

  private static Long mapping(Event event) {
    MappingUsed used = event.origin().mapping();
    return used == null ? null : used.id();
  }

  static String action(Event event) {
    String topic = event.topicOfInterest();
    String begin = event.key().entity() + '.';
    return topic.startsWith(begin) ? topic.substring(begin.length()) : topic;
  }

  /** One that is not recorded leads nowhere. */
  private static String trace(Event event) {
    TraceParent trace = event.trace();
    return trace == null || !trace.sampled() ? null : trace.traceId();
  }

  /** Most events begin something: then it is their own id, and needs no room. */
  private static String correlation(Event event) {
    return event.correlationId().equals(event.id()) ? null : event.correlationId();
  }

  /** Counts that these came again; the ids of those that were stale when they came first. */
  static Set<String> repeated(Connection connection, Collection<String> ids) throws SQLException {
    return ids(connection, REPEATED, ids);
  }

  /** Remembers that these events changed nothing. */
  static void markStale(Connection connection, Collection<String> ids) throws SQLException {
    ids(connection, MARK_STALE, ids);
  }

  private static Set<String> ids(Connection connection, String sql, Collection<String> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
      return strings(statement);
    }
  }

  private static void set(
      PreparedStatement statement,
      int index,
      String type,
      List<Event> events,
      Function<Event, ?> column)
      throws SQLException {
    Object[] values = new Object[events.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(events.get(i));
    }
    statement.setArray(index, statement.getConnection().createArrayOf(type, values));
  }

  private static Set<String> strings(PreparedStatement statement) throws SQLException {
    Set<String> found = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String text = rows.getString(1);
        if (text != null) {
          found.add(text);
        }
      }
    }
    return found;
  }
}
