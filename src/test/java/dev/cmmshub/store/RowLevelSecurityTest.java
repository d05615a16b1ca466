package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself refuses, whatever mistake the service makes. */
class RowLevelSecurityTest {
  private static final String A = StoreServers.newTenantId();
  private static final String B = StoreServers.newTenantId();
  private static final ShardSettings SHARD = StoreServers.settings().get(0);

  @BeforeAll
  static void twoTenantsHaveRows() throws SQLException {
    for (String tenant : List.of(A, B)) {
      StoreServers.shard().transaction(List.of(tenant), connection -> insert(connection, tenant));
    }
  }

  private static int insert(Connection connection, String tenant) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(
          "INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data) VALUES ('"
              + tenant
              + "', 'part', gen_random_uuid(), 1, gen_random_uuid(), '{}')");
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static List<String> scoped(List<String> tenants, String sql) throws SQLException {
    return StoreServers.shard().transaction(tenants, connection -> strings(connection, sql));
  }

  static List<ShardSettings> shards() {
    return StoreServers.settings();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inbox",
        "entity",
        "delivery",
        "parked",
        "dead_letter",
        "dead_letter_edit",
        "discarded_letter",
        "audit",
        "watermark",
        "gone_subscription",
        "batch_run"
      })
  void withoutATenantNothingIsSeen(String table) throws SQLException {
    try (Connection connection = StoreServers.service(SHARD)) {
      assertThat(strings(connection, "SELECT count(*)::text FROM " + table)).containsExactly("0");
    }
  }

  @Test
  void withoutATenantNothingIsWritten() throws SQLException {
    try (Connection connection = StoreServers.service(SHARD);
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> insert(connection, A)).hasMessageContaining("row-level security");
      assertThat(statement.executeUpdate("UPDATE entity SET data = '[]'")).isZero();
      assertThat(statement.executeUpdate("DELETE FROM entity")).isZero();
    }
  }

  @Test
  void aTransactionSeesItsTenantsAlone() throws SQLException {
    String tenants = "SELECT DISTINCT tenant_id FROM entity ORDER BY 1";
    assertThat(scoped(List.of(A), tenants)).containsExactly(A);
    assertThat(scoped(List.of(A, B), tenants)).containsExactlyInAnyOrder(A, B);
    assertThat(scoped(List.of(), tenants)).isEmpty();
  }

  @Test
  void noRowOfAnotherTenantIsWrittenOrTaken() throws SQLException {
    assertThatThrownBy(() -> StoreServers.shard().transaction(List.of(A), c -> insert(c, B)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("row-level security");
    assertThatThrownBy(
            () -> scoped(List.of(A), "UPDATE entity SET tenant_id = '" + B + "' RETURNING id"))
        .hasMessageContaining("row-level security");
    assertThat(scoped(List.of(A), "DELETE FROM entity WHERE tenant_id = '" + B + "' RETURNING id"))
        .isEmpty();
  }

  @Test
  void aConnectionForgetsItsTenantsWithTheTransaction() throws SQLException {
    String tenants = "SELECT current_setting('hub.tenants', true)";
    assertThat(scoped(List.of(A), tenants)).containsExactly(A);
    try (Connection connection = StoreServers.shard().dataSource().getConnection()) {
      assertThat(strings(connection, tenants)).isSubsetOf("", null);
      assertThat(strings(connection, "SELECT id FROM entity")).isEmpty();
    }
  }

  @Test
  void theQueriesOfTheGatewayAreBoundToTheirTenantToo() throws SQLException {
    try (Connection connection = StoreServers.service(SHARD)) {
      String list = "SELECT id FROM entity_list('%s', 'part', '-infinity', '%s', 10)";
      String zero = "00000000-0000-0000-0000-000000000000";
      assertThat(strings(connection, list.formatted(A, zero))).hasSize(1);
      assertThat(strings(connection, list.formatted("nobody", zero))).isEmpty();
      assertThat(strings(connection, "SELECT id FROM entity")).as("afterwards").isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("shards")
  void everyTableForcesIt(ShardSettings shard) throws SQLException {
    try (Connection connection = StoreServers.service(shard)) {
      assertThat(
              strings(
                  connection,
                  """
                  SELECT c.relname || ' ' || c.relrowsecurity || ' ' || c.relforcerowsecurity
                    FROM pg_class c
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                     AND c.relname <> 'flyway_schema_history'
                  """))
          .allMatch(table -> table.endsWith(" true true"))
          .contains(
              "inbox true true",
              "entity true true",
              "delivery true true",
              "parked true true",
              "parked_key true true",
              "dead_letter true true");
      assertThat(
              strings(
                  connection,
                  """
                  SELECT c.relname FROM pg_class c
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                     AND c.relname <> 'flyway_schema_history'
                     AND NOT EXISTS (SELECT FROM information_schema.columns k
                           WHERE k.table_name = c.relname AND k.column_name = 'tenant_id'
                             AND k.is_nullable = 'NO')
                  """))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("shards")
  void theServiceOwnsNothingAndCannotGetAroundIt(ShardSettings shard) throws SQLException {
    try (Connection connection = StoreServers.service(shard);
        Statement statement = connection.createStatement()) {
      assertThat(strings(connection, "SELECT current_user")).containsExactly("hub_service");
      assertThat(
              strings(
                  connection,
                  "SELECT relname FROM pg_class WHERE relowner = 'hub_service'::regrole"))
          .isEmpty();
      assertThat(
              strings(
                  connection,
                  """
                  SELECT rolsuper::text FROM pg_roles WHERE rolname = 'hub_service'
                     AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)
                  """))
          .hasSize(1);
      for (String sql :
          List.of(
              "ALTER TABLE entity DISABLE ROW LEVEL SECURITY",
              "DROP POLICY tenant_rows ON entity",
              "TRUNCATE entity",
              "DROP TABLE inbox",
              "CREATE TABLE mine (x int)",
              "SET ROLE " + shard.ownerUser(),
              "SELECT * FROM flyway_schema_history")) {
        assertThatThrownBy(() -> statement.execute(sql)).as(sql).isInstanceOf(SQLException.class);
      }
    }
  }

  /** Another node starts while this one works, and the next release's password is a new one. */
  @Test
  void migratingAgainChangesNothingButThePassword() throws SQLException {
    new ShardMigration().migrate(SHARD);
    try (Connection owner =
        DriverManager.getConnection(
            SHARD.jdbcUrl(), SHARD.ownerUser(), SHARD.ownerPassword().value())) {
      assertThat(strings(owner, "SELECT version FROM flyway_schema_history"))
          .doesNotHaveDuplicates();
    }
    try (Connection connection = StoreServers.service(SHARD)) {
      assertThat(connection.isValid(2)).isTrue();
    }
  }

  @Test
  void aShardThatIsNotThereIsNamed() {
    ShardSettings none =
        new ShardSettings(
            "z", "jdbc:postgresql://127.0.0.1:1/hub", "me", SHARD.ownerPassword(), null);
    assertThatThrownBy(() -> new ShardMigration().migrate(none))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shard z at jdbc:postgresql://127.0.0.1:1/hub")
        .hasMessageContaining("check its address")
        .hasMessageNotContaining(SHARD.ownerPassword().value());
  }
}
