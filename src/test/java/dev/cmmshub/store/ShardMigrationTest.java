package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Nodes of one or two versions start at the same shard. */
class ShardMigrationTest {
  private static final String LATER =
      "INSERT INTO flyway_schema_history VALUES (1000, '999', 'of a later hub', 'SQL', 'V999__later.sql', 1,"
          + " 'hub_owner', now(), 1, true)";

  /** A database of its own, in which nobody has been yet. */
  private static ShardSettings fresh(String name) throws SQLException {
    ShardSettings shared = StoreServers.settings().get(0);
    execute(shared, "CREATE DATABASE " + name);
    return new ShardSettings(
        shared.name(),
        shared.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"),
        shared.ownerUser(),
        shared.ownerPassword(),
        new Secret("it's a \"service\""));
  }

  private static void execute(ShardSettings shard, String sql) throws SQLException {
    try (Connection connection = owner(shard);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection owner(ShardSettings shard) throws SQLException {
    return DriverManager.getConnection(
        shard.jdbcUrl(), shard.ownerUser(), shard.ownerPassword().value());
  }

  private static List<String> history(ShardSettings shard) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = owner(shard);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT installed_rank || ' ' || version FROM flyway_schema_history ORDER BY 1")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @Test
  void nodesThatStartAtOnceWaitForEachOther() throws Exception {
    ShardSettings shard = fresh("many_nodes");
    ExecutorService nodes = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(nodes.submit(() -> new ShardMigration().migrate(shard)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(history(shard)).hasSizeGreaterThan(5).doesNotHaveDuplicates();
  }

  /** So an upgrade can be taken back. */
  @Test
  void anOlderHubStartsAtANewerSchemaAndLeavesItAsItIs() throws Exception {
    ShardSettings shard = fresh("newer");
    new ShardMigration().migrate(shard);
    execute(shard, LATER);
    List<String> before = history(shard);
    new ShardMigration().migrate(shard);
    assertThat(history(shard)).isEqualTo(before).contains("1000 999");
  }
}
