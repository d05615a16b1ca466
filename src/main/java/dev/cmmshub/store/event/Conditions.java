package dev.cmmshub.store.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be so of the rows of one statement, with its parameters in the order they stand
 * there.
 */
final class Conditions {
  private static final String HAYSTACK =
      "lower(concat_ws(' ', external_id, system, entity || '.' || action, correlation_id, reason)"
          + " COLLATE \"default\")";

  private final Source source;
  private final EventQuery query;
  private final String entity;
  private final List<Object> parameters = new ArrayList<>();

  Conditions(Source source, EventQuery query, String entity) {
    this.source = source;
    this.query = query;
    this.entity = entity;
  }

  List<String> indexed() {
    List<String> conditions = source.always(query);
    if (entity != null) {
      conditions.add(is("tenant_id", query.tenant()));
      conditions.add(is("entity", entity));
    } else if (source.ofTenant(query)) {
      conditions.add(is("tenant_id", query.tenant()));
    }
    if (query.isPrefix()) {
      conditions.addAll(begin());
    } else if (query.externalId() != null) {
      conditions.add(is("external_id", query.externalId()));
    }
    if (query.since() != null) {
      conditions.add(with("received_at >= ?", Timestamp.from(query.since())));
    }
    if (query.until() != null) {
      conditions.add(with("received_at < ?", Timestamp.from(query.until())));
    }
    if (query.after() != null) {
      Timestamp at = Timestamp.from(query.after().at());
      conditions.add(with("received_at <= ?", at));
      parameters.add(at);
      conditions.add(with("(received_at, event_id) < (?, ?)", query.after().id()));
    }
    return conditions;
  }

  List<String> begin() {
    return List.of(
        with("external_id >= ?", query.prefix()), with("external_id < ?", query.prefixEnd()));
  }

  List<String> residual() {
    List<String> conditions = new ArrayList<>();
    if (query.tenant() != null && entity == null) {
      conditions.add(is("tenant_id", query.tenant()));
    }
    if (query.system() != null) {
      conditions.add(is("system", query.system()));
    }
    if (query.entity() != null && entity == null) {
      conditions.add(is("entity", query.entity()));
    }
    if (query.text() != null) {
      conditions.add(with("strpos(" + HAYSTACK + ", lower(?)) > 0", query.text()));
    }
    return conditions;
  }

  String is(String column, String value) {
    return with(column + " = ?", value);
  }

  private String with(String condition, Object value) {
    parameters.add(value);
    return condition;
  }

  static String where(List<String> conditions) {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  /** One of the rows a statement gives. */
  interface Row<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /** Runs a statement that these conditions stand in. */
  <T> List<T> rows(Connection connection, String sql, Row<T> row) throws SQLException {
    List<T> all = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          all.add(row.read(rows));
        }
      }
    }
    return all;
  }
}
