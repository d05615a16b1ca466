package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the audit promises of its rows, on a real shard. */
class AuditTest {
  private static final ShardSettings SHARD = StoreServers.settings().get(0);

  private Tenant tenant;
  private AuditTrail trail;

  @BeforeEach
  void newTenant() {
    tenant = StoreServers.tenant(StoreServers.newTenantId(), SHARD.name());
    Tenants tenants = new Tenants(List.of(tenant));
    trail = new AuditTrail(() -> tenants, StoreServers.shards());
  }

  private void append(String operator, String target) throws SQLException {
    StoreServers.shard()
        .transaction(
            List.of(tenant.id()),
            connection -> {
              AuditLog.append(
                  connection, tenant.id(), operator, "replayed", target, "{\"note\":\"größer\"}");
              return null;
            });
  }

  private AuditChain verified() throws SQLException {
    return trail.verify(Optional.of(tenant)).get(0);
  }

  private int asOwner(String sql) throws SQLException {
    try (Connection owner =
            DriverManager.getConnection(
                SHARD.jdbcUrl(), SHARD.ownerUser(), SHARD.ownerPassword().value());
        Statement statement = owner.createStatement()) {
      return statement.executeUpdate(
          sql + (sql.endsWith("AND") ? "" : " WHERE") + " tenant_id = '" + tenant.id() + "'");
    }
  }

  @Test
  void rowsAreNumberedAndHoldTogether() throws SQLException {
    assertThat(verified().rows()).isZero();
    for (int i = 0; i < 5; i++) {
      append("zoë", "letter-" + i);
    }
    assertThat(verified().rows()).isEqualTo(5);
    assertThat(verified().broken()).isEmpty();
    List<AuditEntry> newest = trail.newest(Optional.of(tenant), Optional.empty(), 3);
    assertThat(newest).extracting(AuditEntry::seq).containsExactly(5L, 4L, 3L);
    assertThat(verified().head())
        .isEqualTo(java.util.HexFormat.of().formatHex(newest.get(0).hash()));
    assertThat(trail.newest(Optional.of(tenant), Optional.of("letter-2"), 9))
        .extracting(AuditEntry::operator)
        .containsExactly("zoë");
    assertThat(trail.newest(Optional.of(tenant), Optional.of("letter_2"), 9)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE audit SET operator = CASE seq WHEN 3 THEN 'eve' ELSE operator END | 3 | content",
        "UPDATE audit SET detail = CASE seq WHEN 1 THEN '{}' ELSE detail END | 1 | content",
        "UPDATE audit SET at = at + CASE seq WHEN 5 THEN interval '1 microsecond' ELSE '0' END"
            + " | 5 | content",
        "UPDATE audit SET hash = CASE seq WHEN 2 THEN sha256('x') ELSE hash END | 2 | content",
        "UPDATE audit SET previous = CASE seq WHEN 4 THEN sha256('x') ELSE previous END"
            + " | 4 | follow",
        "DELETE FROM audit WHERE seq = 2 AND | 2 | missing"
      })
  void theFirstRowThatWasAlteredIsNamed(String sql, long broken, String why) throws SQLException {
    for (int i = 0; i < 5; i++) {
      append("ann", "letter-" + i);
    }
    asOwner(sql);
    assertThat(verified().broken())
        .hasValueSatisfying(
            found -> {
              assertThat(found.seq()).isEqualTo(broken);
              assertThat(found.why()).contains(why);
            });
  }

  @Test
  void writersAtOnceMakeOneChain() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> writing = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String operator = "writer-" + i;
      writing.add(
          threads.submit(
              () -> {
                append(operator, "letter");
                return null;
              }));
    }
    for (Future<?> one : writing) {
      one.get();
    }
    threads.shutdown();
    assertThat(verified().rows()).isEqualTo(60);
    assertThat(verified().broken()).isEmpty();
  }

  @Test
  void whatIsRolledBackLeavesNoGap() throws SQLException {
    append("ann", "first");
    assertThatThrownBy(
            () ->
                StoreServers.shard()
                    .transaction(
                        List.of(tenant.id()),
                        connection -> {
                          AuditLog.append(
                              connection, tenant.id(), "ann", "replayed", "never", "{}");
                          throw new SQLException("the action fails");
                        }))
        .hasMessage("the action fails");
    append("ann", "second");
    assertThat(verified().rows()).isEqualTo(2);
    assertThat(verified().broken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit SET operator = 'eve'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_chain",
        "DELETE FROM dead_letter_edit",
        "UPDATE dead_letter_edit SET data = ''",
        "DELETE FROM discarded_letter",
        "UPDATE discarded_letter SET discard_reason = ''"
      })
  void theServiceCanOnlyAdd(String sql) throws SQLException {
    append("ann", "letter");
    assertThatThrownBy(
            () ->
                StoreServers.shard()
                    .transaction(
                        List.of(tenant.id()),
                        connection -> {
                          try (Statement statement = connection.createStatement()) {
                            return statement.executeUpdate(sql);
                          }
                        }))
        .isInstanceOf(SQLException.class)
        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
  }

  /** Whatever the service writes into them, number, time and hash are the shard's own. */
  @Test
  void theServiceCannotChooseNumberTimeOrHash() throws SQLException {
    append("ann", "letter");
    StoreServers.shard()
        .transaction(
            List.of(tenant.id()),
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                    "INSERT INTO audit (tenant_id, seq, at, operator, action, target, detail,"
                        + " previous, hash) VALUES ('"
                        + tenant.id()
                        + "', 99, '2001-01-01', 'eve', 'replayed', 'x', '{}', 'p', 'h')");
              }
            });
    assertThat(verified().rows()).isEqualTo(2);
    assertThat(verified().broken()).isEmpty();
    assertThat(trail.newest(Optional.of(tenant), Optional.of("x"), 1).get(0).at())
        .isAfter("2020-01-01T00:00:00Z");
  }
}
