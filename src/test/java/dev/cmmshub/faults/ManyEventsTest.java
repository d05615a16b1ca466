package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.store.ShardSettings;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.event.EventCursor;
import dev.cmmshub.store.event.EventFinder;
import dev.cmmshub.store.event.EventQuery;
import dev.cmmshub.store.event.Passports;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Finding one event among many on one real shard, whatever is asked: no question reads all of the
 * inbox. How long each takes is printed; {@code -Dfind.events=10000000 -Dfind.within=200} on a
 * machine that does nothing else also requires it.
 */
@Tag("faults")
class ManyEventsTest {
  private static final int EVENTS = Integer.getInteger("find.events", 300_000);
  private static final int TENANTS = 200;
  private static final int ROUNDS = Integer.getInteger("find.rounds", 40);
  private static final double MOST_MS = Integer.getInteger("find.within", Integer.MAX_VALUE);
  private static final Instant END = Instant.parse("2026-03-06T12:00:00Z");
  private static final int DAYS = 90;

  /** The first tenant has half of all; one event in 5,000 is of an asset. */
  private static final String INBOX =
      """
      INSERT INTO inbox (tenant_id, event_id, applied_at, stale, received_at, source_version, mapping,
                         system, entity, action, external_id, received_by, api, correlation_id,
                         causation_id)
      SELECT CASE WHEN n % 2 = 0 THEN 't0' ELSE 't' || (n / 2) %% %1$d END,
             md5(n::text)::uuid, r.at + interval '1 second', n % 997 = 0, r.at, n, 4711,
             CASE WHEN n % 3 = 0 THEN 'cmms' ELSE 'sap' END,
             CASE WHEN n % 5000 = 17 THEN 'asset' WHEN n % 10 < 6 THEN 'workorder'
                  WHEN n % 10 < 8 THEN 'part' ELSE 'purchasedocument' END,
             'changed', 'PO-' || lpad(((n * 7919) % (%2$d / 10))::text, 9, '0'), 'key:test', 'v1',
             CASE WHEN n % 100 = 1 THEN md5((n - 1)::text)::uuid::text END,
             CASE WHEN n % 100 = 1 THEN md5((n - 1)::text)::uuid::text END
        FROM generate_series(%3$d::bigint, %4$d) AS n,
             LATERAL (SELECT timestamptz '%5$s' - (%2$d - n) * (interval '%6$d days' / %2$d) AS at) AS r
      """
          .replace("n % ", "n %% ")
          .replace(") % ", ") %% ");

  @TempDir private Path folder;

  private record Question(String name, IntFunction<Object> ask) {}

  @Test
  void noQuestionReadsTheWholeInbox() throws IOException, SQLException {
    try (EmbeddedServices servers =
        EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 1), line -> {})) {
      PostgresAddress address = servers.addresses().shards().get(0);
      ShardSettings settings =
          new ShardSettings(
              address.name(),
              address.jdbcUrl(),
              address.adminUser(),
              new Secret(address.adminPassword()),
              new Secret("service"));
      new ShardMigration().migrate(settings);
      long begin = System.nanoTime();
      fill(address);
      System.out.printf(
          Locale.ROOT,
          "find: %,d events filled in %.0f s%n",
          EVENTS,
          (System.nanoTime() - begin) / 1e9);
      measure(address, settings);
    }
  }

  /** Entries of its indexes and rows; the figures of connections that were closed are all there. */
  private static long read(PostgresAddress address) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                address.jdbcUrl(), address.adminUser(), address.adminPassword());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'inbox')
                     + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'inbox')
                """)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Tenant tenant(int number) {
    return new Tenant(
        "t" + number,
        true,
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  private static void fill(PostgresAddress address) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                address.jdbcUrl(), address.adminUser(), address.adminPassword());
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      statement.execute("SET maintenance_work_mem = '512MB'");
      // Written once and only read then: indexes last, nothing logged.
      List<String> indexes = indexes(statement);
      int step = Math.max(1, EVENTS / 20);
      for (int first = 1; first <= EVENTS; first += step) {
        statement.execute(
            INBOX.formatted(TENANTS, EVENTS, first, Math.min(EVENTS, first + step - 1), END, DAYS));
      }
      // All but one in fifty were delivered.
      statement.execute(
          """
          INSERT INTO delivery (tenant_id, event_id, subscription, attempt)
          SELECT tenant_id, event_id, 'cmms', 1 FROM inbox
           WHERE source_version % 50 <> 3 AND NOT stale
          """);
      failures(
          statement, "parked", EVENTS / 2000, "deliver", "order_key, due_at, first_failed_at,");
      failures(statement, "dead_letter", EVENTS / 100, "transform", "");
      for (String index : indexes) {
        statement.execute(index);
      }
      statement.execute("VACUUM ANALYZE");
    }
  }

  private static List<String> indexes(Statement statement) throws SQLException {
    List<String> definitions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT indexname, indexdef FROM pg_indexes"
                + " WHERE tablename = 'inbox' AND indexname <> 'inbox_pkey'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
        definitions.add(rows.getString(2));
      }
    }
    for (String name : names) {
      statement.execute("DROP INDEX " + name);
    }
    for (String table : List.of("inbox", "delivery")) {
      String key =
          table.equals("inbox") ? "event_id, tenant_id" : "tenant_id, event_id, subscription";
      statement.execute("ALTER TABLE " + table + " DROP CONSTRAINT " + table + "_pkey");
      statement.execute("ALTER TABLE " + table + " SET UNLOGGED");
      definitions.add("ALTER TABLE " + table + " ADD PRIMARY KEY (" + key + ")");
    }
    return definitions;
  }

  private static void failures(
      Statement statement, String table, int rows, String stage, String more) throws SQLException {
    statement.execute(
        """
        INSERT INTO %1$s (tenant_id, event_id, stage, subscription, event_key, attempt, %4$s
                          error_class, reason, attributes, data)
        SELECT 't' || n %% %2$d, md5('%1$s' || n)::uuid, '%3$s', '', 'key' || n, 1, %5$s
               'mapping', 'pump ' || n || ' is broken',
               jsonb_build_object('time', timestamptz '%6$s' - n * interval '30 seconds',
                 'type', 'dev.cmmshub.part.changed.v1', 'sourceversion', n, 'correlationid', 'c' || n),
               'x'
          FROM generate_series(1, %7$d) AS n
        """
            .replace("'key' || n", "'t' || n %% %2$d || '|sap|part|BAD-' || n")
            .formatted(
                table,
                TENANTS,
                stage,
                more,
                more.isEmpty() ? "" : "'k' || n, now(), now(),",
                END,
                rows));
  }

  private static EventQuery query(
      String tenant, String system, String entity, String externalId, String status, String text) {
    return new EventQuery(tenant, system, entity, externalId, status, null, null, text, null, 50);
  }

  private static EventQuery at(EventQuery query, int days, int hours) {
    Instant since = END.minus(days, ChronoUnit.DAYS);
    return new EventQuery(
        query.tenant(),
        query.system(),
        query.entity(),
        query.externalId(),
        query.status(),
        since,
        since.plus(hours, ChronoUnit.HOURS),
        query.text(),
        null,
        50);
  }

  private static EventQuery after(EventQuery query, EventCursor cursor) {
    return new EventQuery(
        query.tenant(),
        query.system(),
        query.entity(),
        query.externalId(),
        query.status(),
        query.since(),
        query.until(),
        query.text(),
        cursor,
        50);
  }

  private static String object(int n) {
    return String.format(Locale.ROOT, "PO-%09d", (long) n * 7919 % (EVENTS / 10));
  }

  private static List<Question> questions(EventFinder finder, Passports passports) {
    Random random = new Random(7);
    List<Question> all = new ArrayList<>();
    finds(all, finder, "nothing", i -> query(null, null, null, null, null, null));
    finds(all, finder, "tenant, the largest", i -> query("t0", null, null, null, null, null));
    finds(all, finder, "tenant", i -> query("t" + (1 + i), null, null, null, null, null));
    finds(
        all,
        finder,
        "tenant, entity",
        i -> query("t" + i, null, "purchasedocument", null, null, null));
    finds(all, finder, "tenant, rare entity", i -> query("t0", null, "asset", null, null, null));
    finds(all, finder, "entity", i -> query(null, null, "asset", null, null, null));
    finds(all, finder, "tenant, system", i -> query("t" + i, "cmms", null, null, null, null));
    finds(all, finder, "tenant, system unknown", i -> query("t0", "none", null, null, null, null));
    finds(
        all,
        finder,
        "external id",
        i -> query(null, null, null, object(random.nextInt(EVENTS)), null, null));
    finds(
        all,
        finder,
        "tenant, external id",
        i -> query("t0", null, null, object(random.nextInt(EVENTS)), null, null));
    finds(
        all, finder, "external id, unknown", i -> query(null, null, null, "none-" + i, null, null));
    finds(
        all,
        finder,
        "begin of external id",
        i ->
            query(
                null,
                null,
                null,
                object(random.nextInt(EVENTS)).substring(0, 11) + "*",
                null,
                null));
    for (String status : EventQuery.STATUSES) {
      finds(all, finder, "status " + status, i -> query(null, null, null, null, status, null));
      finds(
          all,
          finder,
          "tenant, status " + status,
          i -> query("t" + i, null, null, null, status, null));
    }
    finds(
        all, finder, "since, until", i -> at(query(null, null, null, null, null, null), 1 + i, 1));
    finds(
        all,
        finder,
        "tenant, since, until",
        i -> at(query("t" + i, null, null, null, null, null), 1 + i, 1));
    finds(
        all,
        finder,
        "text that is often there",
        i -> query(null, null, null, null, null, "PURCHASE"));
    finds(
        all,
        finder,
        "text that is nowhere",
        i -> query(null, null, null, null, null, "nowhere" + i));
    finds(
        all,
        finder,
        "tenant, text that is nowhere",
        i -> query("t0", null, null, null, null, "nowhere" + i));
    EventQuery page = query("t0", null, null, null, null, null);
    EventCursor[] next = new EventCursor[1];
    all.add(
        new Question(
            "page by page",
            i -> {
              next[0] = finder.find(after(page, next[0])).next();
              return next[0];
            }));
    all.add(
        new Question(
            "passport by id", i -> passports.find(uuid(random.nextInt(EVENTS)), null).passport()));
    all.add(
        new Question(
            "passport by begin of id",
            i -> passports.find(uuid(random.nextInt(EVENTS)).substring(0, 13), null).passport()));
    all.add(
        new Question(
            "passport by external id", i -> passports.find(object(random.nextInt(EVENTS)), null)));
    all.add(
        new Question(
            "passport of a chain",
            i ->
                passports
                    .find(uuid(100 * (1 + random.nextInt(EVENTS / 100 - 1)) + 1), null)
                    .passport()));
    all.add(new Question("passport, unknown", i -> passports.find("nothing-" + i, null)));
    return all;
  }

  private static String uuid(int n) {
    try {
      String hex =
          java.util.HexFormat.of()
              .formatHex(
                  java.security.MessageDigest.getInstance("MD5")
                      .digest(
                          Integer.toString(n)
                              .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void finds(
      List<Question> all, EventFinder finder, String name, IntFunction<EventQuery> query) {
    all.add(new Question(name, i -> finder.find(query.apply(i))));
  }

  private static void measure(PostgresAddress address, ShardSettings settings) throws SQLException {
    Tenants tenants =
        new Tenants(IntStream.range(0, TENANTS).mapToObj(ManyEventsTest::tenant).toList());
    System.out.printf(
        "find: %-32s %8s %8s %8s %10s%n", "by", "p50 ms", "p95 ms", "worst", "rows read");
    List<String> slow = new ArrayList<>();
    int kinds = 1;
    for (int kind = 0; kind < kinds; kind++) {
      long before = read(address);
      String name;
      double[] millis;
      try (Shards shards = new Shards(List.of(settings), new SimpleMeterRegistry())) {
        List<Question> all =
            questions(new EventFinder(() -> tenants, shards), new Passports(() -> tenants, shards));
        kinds = all.size();
        name = all.get(kind).name();
        millis = millis(all.get(kind));
      }
      double p95 = millis[(int) (ROUNDS * 0.95) - 1];
      long rows = (read(address) - before) / ROUNDS;
      System.out.printf(
          Locale.ROOT,
          "find: %-32s %8.1f %8.1f %8.1f %,10d%n",
          name,
          millis[ROUNDS / 2],
          p95,
          millis[ROUNDS - 1],
          rows);
      assertThat(rows).as("rows that '%s' reads", name).isLessThan(EVENTS / 2);
      if (p95 > MOST_MS) {
        slow.add(name);
      }
    }
    assertThat(slow).isEmpty();
  }

  private static double[] millis(Question question) {
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      assertThat(question.ask().apply(i)).as(question.name()).isNotNull();
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }
}
