package dev.cmmshub.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cmmshub.message.Event;
import dev.cmmshub.store.ShardSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;

/** The shard as a hand-written loop would use it: batched statements, rewritten by the driver. */
final class BenchShard {
  private final HikariDataSource service;
  private final HikariDataSource owner;

  BenchShard(ShardSettings settings) {
    service =
        pool(
            settings.jdbcUrl() + "?reWriteBatchedInserts=true",
            ShardSettings.SERVICE_ROLE,
            settings.servicePassword().value());
    owner = pool(settings.jdbcUrl(), settings.ownerUser(), settings.ownerPassword().value());
  }

  private static HikariDataSource pool(String url, String user, String password) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setAutoCommit(false);
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }

  /** Inbox and guarded upsert for one poll, in one transaction. */
  void write(List<Event> events) {
    try (Connection connection = service.getConnection();
        Statement scope = connection.createStatement();
        PreparedStatement inbox =
            connection.prepareStatement(
                "INSERT INTO inbox (tenant_id, event_id) VALUES (?, ?::uuid) ON CONFLICT DO NOTHING");
        PreparedStatement entity =
            connection.prepareStatement(
                "INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data)"
                    + " VALUES (?, ?, ?::uuid, ?, ?::uuid, ?::jsonb)"
                    + " ON CONFLICT (tenant_id, entity, id) DO UPDATE"
                    + " SET source_version = excluded.source_version, event_id = excluded.event_id,"
                    + " updated_at = now(), data = excluded.data"
                    + " WHERE entity.source_version <= excluded.source_version")) {
      scope.execute("SELECT set_config('hub.tenants', 'bench-0,bench-1,bench-2', true)");
      for (Event event : events) {
        inbox.setString(1, event.key().tenant());
        inbox.setString(2, event.id());
        inbox.addBatch();
        entity.setString(1, event.key().tenant());
        entity.setString(2, event.key().entity());
        entity.setString(3, event.subject().substring(event.subject().indexOf('/') + 1));
        entity.setLong(4, event.version());
        entity.setString(5, event.id());
        entity.setString(6, new String(event.data(), StandardCharsets.UTF_8));
        entity.addBatch();
      }
      inbox.executeBatch();
      entity.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Copies rows into a temporary table and merges them, in one transaction. */
  void copy(List<Event> events) {
    StringBuilder lines = new StringBuilder();
    for (Event event : events) {
      lines
          .append(event.id())
          .append('\t')
          .append(event.subject().substring(event.subject().indexOf('/') + 1))
          .append('\t')
          .append(event.version())
          .append('\t')
          .append(new String(event.data(), StandardCharsets.UTF_8).replace("\\", "\\\\"))
          .append('\n');
    }
    String tenant = events.get(0).key().tenant();
    String entity = events.get(0).key().entity();
    try (Connection connection = service.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT set_config('hub.tenants', '" + tenant + "', true)");
      statement.execute(
          "CREATE TEMP TABLE IF NOT EXISTS stage (e uuid, i uuid, v bigint, d jsonb)"
              + " ON COMMIT DELETE ROWS");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY stage FROM STDIN", new StringReader(lines.toString()));
      statement.execute(
          "INSERT INTO inbox (tenant_id, event_id) SELECT '"
              + tenant
              + "', e FROM stage ON CONFLICT DO NOTHING");
      statement.execute(
          "INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data) SELECT '"
              + tenant
              + "', '"
              + entity
              + "', i, v, e, d FROM stage ON CONFLICT (tenant_id, entity, id) DO UPDATE"
              + " SET source_version = excluded.source_version, event_id = excluded.event_id,"
              + " updated_at = now(), data = excluded.data"
              + " WHERE entity.source_version <= excluded.source_version");
      connection.commit();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parks keys of the bench's tenants that none of its events has. */
  void park(int keys) {
    try (Connection connection = service.getConnection();
        Statement scope = connection.createStatement();
        PreparedStatement hold =
            connection.prepareStatement(
                "SELECT count(parked_hold('bench-' || i % 3, gen_random_uuid(), 'transform', '', k,"
                    + " 'transform//' || k, 1, 1, 'internal', 'bench', '{}'::jsonb,"
                    + " decode(repeat('61', 1100), 'hex')))"
                    + " FROM (SELECT i, 'bench-' || i % 3 || '|sap|workorder|parked-' || i AS k"
                    + " FROM generate_series(1, ?) AS i) AS keys")) {
      scope.execute("SELECT set_config('hub.tenants', 'bench-0,bench-1,bench-2', true)");
      hold.setInt(1, keys);
      hold.execute();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    maintain("VACUUM ANALYZE");
  }

  private void maintain(String sql) {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute(sql);
      statement.execute("CHECKPOINT");
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void empty() {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE inbox, entity, delivery, parked, parked_key, dead_letter");
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    maintain("VACUUM ANALYZE");
  }
}
