package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.embedded.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./hub event find} finds, and what it does not. */
class EventFindTest {
  private static Mill mill;
  private static String dead;
  private static String applied;
  private static String delivered;
  private static String number;

  @BeforeAll
  static void start() {
    mill = new Mill();
    dead = mill.dead("mill", Mill.number());
    number = Mill.number();
    applied = mill.post("mine", Mill.order(number, "2"));
    delivered = mill.post("quay", Mill.order("Q'_%" + number, "2"));
    assertThat(eventually(() -> mill.status("mine", applied).equals("applied"))).isTrue();
    assertThat(eventually(() -> mill.status("quay", delivered).equals("delivered"))).isTrue();
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  private static JsonNode find(String... words) {
    List<String> all = new ArrayList<>(List.of("event", "find", "--json"));
    all.addAll(List.of(words));
    Mill.Said said = mill.runAs(TestAdmins.VIEWER, all.toArray(String[]::new));
    assertThat(said.status()).as(said.err()).isZero();
    return said.json();
  }

  private static List<String> ids(String... words) {
    return find(words).get("events").findValuesAsText("id");
  }

  @Test
  void allAreThereTheNewestFirst() {
    assertThat(ids()).containsExactly(delivered, applied, dead);
    String table = mill.run("event", "find").out();
    assertThat(table.lines().toList().get(0)).startsWith("ID ").contains("STATUS", "EXTERNAL ID");
    assertThat(table)
        .contains(dead.substring(0, 13), "dead-lettered", "workorder.released", "key:test")
        .doesNotContain("\u001b", "cursor");
  }

  @ParameterizedTest
  @CsvSource({
    "--tenant,mill,dead",
    "--tenant,mine,applied",
    "--tenant,quay,delivered",
    "--status,dead-lettered,dead",
    "--status,applied,applied",
    "--status,delivered,delivered",
    "--status,superseded,''",
    "--status,parked,''",
    "--status,discarded,''",
    "--system,sap,delivered applied dead",
    "--system,cmms,''",
    "--entity,workorder,delivered applied dead",
    "--entity,part,''",
    "--since,1h,delivered applied dead",
    "--since,2030-01-01T00:00:00+02:00,''",
    "--until,1h,''",
    "--until,999999999d,''",
    "--text,PRIORITY x,dead",
    "--text,KORDER.REL,delivered applied dead",
    "--text,'Q''_%',delivered",
    "--text,nowhere,''",
    "--text,😀,''",
    "--external-id,none,''",
    "--external-id,Q'_%*,delivered",
    "--external-id,*,delivered applied dead",
  })
  void eachFilterNarrows(String option, String value, String expected) {
    List<String> wanted = new ArrayList<>();
    for (String name : expected.split(" ")) {
      switch (name) {
        case "dead" -> wanted.add(dead);
        case "applied" -> wanted.add(applied);
        case "delivered" -> wanted.add(delivered);
        default -> assertThat(name).isEmpty();
      }
    }
    assertThat(ids(option, value)).isEqualTo(wanted);
  }

  @Test
  void filtersAreAllMeantAtOnce() {
    assertThat(ids("--tenant", "mine", "--entity", "workorder", "--system", "sap", "--since", "1h"))
        .containsExactly(applied);
    assertThat(ids("--external-id", number)).containsExactly(applied);
    assertThat(ids("--external-id", number, "--tenant", "mill")).isEmpty();
    assertThat(ids("--tenant", "mill", "--status", "dead-lettered", "--text", "x is not"))
        .containsExactly(dead);
    assertThat(ids("--tenant", "quay", "--status", "delivered")).containsExactly(delivered);
    assertThat(ids("--tenant", "quay", "--status", "applied")).isEmpty();
  }

  @Test
  void pagesFollowEachOther() {
    List<String> found = new ArrayList<>();
    JsonNode page = find("--limit", "1");
    while (true) {
      page.get("events").findValuesAsText("id").forEach(found::add);
      if (page.get("next").isNull()) {
        break;
      }
      assertThat(found).hasSizeLessThan(5);
      page = find("--limit", "1", "--cursor", page.get("next").asText());
    }
    assertThat(found).containsExactly(delivered, applied, dead);
    assertThat(mill.run("event", "find", "--limit", "1").out())
        .contains("… the newest 1, back to", "go on with --cursor ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "since=yesterday",
        "until=2026-03-06",
        "status=lost",
        "limit=0",
        "limit=1001",
        "cursor=x",
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5fHg",
        "text=a%00b",
        "externalId=%00",
        "tenant=nobody",
        "external-id=4711"
      })
  void whatIsNotValidIsRefused(String query) {
    assertThat(mill.hub().admin("/admin/v1/events?" + query)).contains("\"status\":400");
  }

  @Test
  void anotherShardsEventsAreThereWhileOneIsAway() throws SQLException {
    PostgresAddress away = mill.hub().shards().get(1);
    asOwner(away, "ALTER ROLE hub_service NOLOGIN");
    try {
      asOwner(
          away,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub_service'");
      Mill.Said said = mill.run("event", "find");
      assertThat(said.status()).isEqualTo(1);
      assertThat(said.out()).contains(applied.substring(0, 13), dead.substring(0, 13));
      assertThat(said.err()).contains("shard b does not answer: its events are missing");
      Mill.Said its = mill.run("event", "find", "--tenant", "quay");
      assertThat(its.status()).isEqualTo(1);
      assertThat(its.err()).contains("shard b does not: ask again");
      assertThat(mill.run("event", "show", applied).out())
          .contains("Shard b does not answer; it was not asked.");
      assertThat(mill.run("event", "show", "unknown").err())
          .contains("nothing is known of 'unknown' on the shards that answer; shard b does not");
    } finally {
      asOwner(away, "ALTER ROLE hub_service LOGIN");
    }
    assertThat(eventually(() -> mill.run("event", "find").status() == 0)).isTrue();
  }

  private static void asOwner(PostgresAddress shard, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
