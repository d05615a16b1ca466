package dev.cmmshub.faults;

import dev.cmmshub.embedded.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Says of each accepted id what became of it, by reading the shards as their owner. */
final class Oracle {
  /**
   * What it found; clean when nothing is lost, twice, older than accepted, or at the wrong tenant.
   */
  record Verdict(int accepted, int applied, int parked, int dead, List<String> wrong) {
    @Override
    public String toString() {
      return "%,d accepted, %,d applied, %,d parked, %,d dead-lettered, %,d wrong%s"
          .formatted(
              accepted,
              applied,
              parked,
              dead,
              wrong.size(),
              wrong.isEmpty() ? "" : " " + wrong.subList(0, Math.min(5, wrong.size())));
    }
  }

  private static final Duration QUIET = Duration.ofSeconds(60);

  private final List<PostgresAddress> shards;

  Oracle(List<PostgresAddress> shards) {
    this.shards = shards;
  }

  /** Waits at most 60 s for everything to settle. */
  Verdict settle(List<Ledger.Entry> ledger) throws SQLException {
    long begin = System.nanoTime();
    Verdict verdict = look(ledger);
    while ((!verdict.wrong().isEmpty() || verdict.parked() > 0)
        && System.nanoTime() - begin < QUIET.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
      verdict = look(ledger);
    }
    return verdict;
  }

  private Verdict look(List<Ledger.Entry> ledger) throws SQLException {
    Map<String, Integer> applied = new HashMap<>();
    Set<String> parked = new HashSet<>();
    Set<String> dead = new HashSet<>();
    Map<String, Long> versions = new HashMap<>();
    for (PostgresAddress shard : shards) {
      // The owner is a superuser here: row level security does not hide anything from it.
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          Statement statement = connection.createStatement()) {
        read(
            statement,
            "SELECT tenant_id || '/' || event_id FROM inbox",
            row -> applied.merge(row.getString(1), 1, Integer::sum));
        read(
            statement,
            "SELECT tenant_id || '/' || event_id FROM parked WHERE stage = 'transform'",
            row -> parked.add(row.getString(1)));
        read(
            statement,
            "SELECT tenant_id || '/' || event_id FROM dead_letter WHERE stage = 'transform'",
            row -> dead.add(row.getString(1)));
        read(
            statement,
            "SELECT tenant_id || '/' || (data->>'number'), source_version, data->>'tenantId',"
                + " tenant_id FROM entity",
            row -> {
              versions.merge(row.getString(1), row.getLong(2), Math::max);
              if (!row.getString(3).equals(row.getString(4))) {
                versions.put("foreign " + row.getString(1), 0L);
              }
            });
      }
    }
    return compare(ledger, applied, parked, dead, versions);
  }

  /** Takes one row. */
  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private static void read(Statement statement, String sql, Row row) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        row.take(rows);
      }
    }
  }

  private static Verdict compare(
      List<Ledger.Entry> ledger,
      Map<String, Integer> applied,
      Set<String> parked,
      Set<String> dead,
      Map<String, Long> versions) {
    List<String> wrong = new ArrayList<>();
    Map<String, Long> newest = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (Ledger.Entry entry : ledger) {
      String id = entry.tenant() + "/" + entry.id();
      ids.add(id);
      int places =
          applied.getOrDefault(id, 0) + (parked.contains(id) ? 1 : 0) + (dead.contains(id) ? 1 : 0);
      if (places != 1) {
        wrong.add(id + " is in " + places + " places");
      }
      if (!dead.contains(id)) {
        newest.merge(entry.tenant() + "/" + entry.number(), entry.version(), Math::max);
      }
    }
    newest.forEach(
        (key, version) -> {
          if (versions.getOrDefault(key, -1L) < version) {
            wrong.add(key + " has version " + versions.get(key) + ", accepted was " + version);
          }
        });
    versions.keySet().stream().filter(key -> key.startsWith("foreign ")).forEach(wrong::add);
    return new Verdict(
        ids.size(),
        (int) ids.stream().filter(applied::containsKey).count(),
        (int) ids.stream().filter(parked::contains).count(),
        (int) ids.stream().filter(dead::contains).count(),
        wrong);
  }
}
