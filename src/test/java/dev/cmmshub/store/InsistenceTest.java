package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is tried again, and what is an event's own fault. */
class InsistenceTest {
  private final Shard shard = StoreServers.shard();
  private final String tenant = StoreServers.newTenantId();
  private final AtomicInteger tries = new AtomicInteger();

  /** Runs once under conditions that make it fail, then without. */
  private int insist(Shard.Work<Void> first) throws SQLException {
    return Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                List.of(tenant),
                connection -> {
                  if (tries.incrementAndGet() == 1) {
                    first.run(connection);
                  }
                  execute(connection, inbox());
                  return tries.get();
                }));
  }

  private String inbox() {
    return "INSERT INTO inbox (tenant_id, event_id) VALUES ('%s', gen_random_uuid())"
        .formatted(tenant);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Its process was paused meanwhile, say. */
  @Test
  void aTransactionThatTheServerEndedIsTriedAgain() throws SQLException {
    int times =
        insist(
            connection -> {
              execute(connection, "SET LOCAL idle_in_transaction_session_timeout = 50");
              LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
              return null;
            });
    assertThat(times).isEqualTo(2);
  }

  /** The server became a standby, say. */
  @Test
  void aServerThatMayOnlyBeReadIsAskedAgain() throws SQLException {
    int times =
        insist(
            connection -> {
              execute(connection, "SET TRANSACTION READ ONLY");
              return null;
            });
    assertThat(times).isEqualTo(2);
  }

  @Test
  void whatIsWrongFailsAtOnce() {
    assertThatThrownBy(
            () ->
                insist(
                    connection -> {
                      execute(connection, "INSERT INTO inbox (tenant_id) VALUES (NULL)");
                      return null;
                    }))
        .isInstanceOf(SQLException.class);
    assertThat(tries).hasValue(1);
  }

  /** Else a hub that is cut off would keep its locks until TCP gives the connection up. */
  @Test
  void theServerGivesUpTransactionsInWhichNothingHappens() throws SQLException {
    String limit =
        shard.transaction(
            List.of(tenant),
            connection -> setting(connection, "idle_in_transaction_session_timeout"));
    assertThat(limit).isEqualTo("10s");
  }
}
