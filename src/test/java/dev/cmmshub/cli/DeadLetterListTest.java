package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.embedded.LoopbackPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./hub dead-letter list} finds, and what it does not. */
class DeadLetterListTest {
  private static Mill mill;
  private static String number;
  private static String id;
  private static String others;

  @BeforeAll
  static void start() {
    mill = new Mill();
    number = Mill.number();
    id = mill.dead("mill", number);
    others = mill.dead("mine", Mill.number());
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  private static List<String> ids(String... words) {
    Mill.Said said = mill.run(words);
    assertThat(said.status()).as(said.err()).isZero();
    return said.json().findValuesAsText("id");
  }

  @Test
  void aTableShowsWhatFailedWhereAndWhyAndNotThePayload() {
    Mill.Said said = mill.run("dead-letter", "list", "--tenant", "mill");
    assertThat(said.status()).isZero();
    assertThat(said.out().lines().toList().get(0)).startsWith("ID ").contains("AGE", "REASON");
    assertThat(said.out())
        .contains(id.substring(0, 13), "mill|sap|workorder|" + number, "mapping", "transform")
        .contains("priority X is not known")
        .doesNotContain("MaintenanceOrderDesc", "\u001b");
  }

  @ParameterizedTest
  @CsvSource({
    "--system,sap,true",
    "--system,odoo,false",
    "--entity,workorder,true",
    "--entity,part,false",
    "--type,workorder.*,true",
    "--type,part.*,false",
    "--stage,transform,true",
    "--stage,deliver,false",
    "--error-class,mapping,true",
    "--error-class,schema,false",
    "--older,1h,false",
    "--newer,1h,true",
    "--text,PRIORITY x,true",
    "--text,nowhere,false"
  })
  void eachFilterNarrows(String option, String value, boolean found) {
    assertThat(ids("dead-letter", "list", "--json", option, value).contains(id)).isEqualTo(found);
    JsonNode counts = mill.run("dead-letter", "list", "--count", "--json", option, value).json();
    assertThat(counts.get("total").asInt()).isEqualTo(found ? 2 : 0);
  }

  @Test
  void aTenantsFilterShowsNoOther() {
    assertThat(ids("dead-letter", "list", "--json", "--tenant", "mill")).containsExactly(id);
    assertThat(ids("dead-letter", "list", "--json", "--tenant", "mine")).containsExactly(others);
    assertThat(ids("dead-letter", "list", "--json")).containsExactly(others, id);
  }

  @Test
  void aCountIsByErrorClass() {
    Mill.Said said = mill.run("dead-letter", "list", "--count", "--text", number);
    assertThat(said.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly("ERROR CLASS LETTERS", "mapping 1", "all 1");
  }

  @Test
  void whatIsNotValidIsNamed() {
    Mill.Said age = mill.run("dead-letter", "list", "--older", "yesterday");
    assertThat(age.status()).isEqualTo(2);
    assertThat(age.err()).contains("older: 'yesterday'", "2h");
    Mill.Said tenant = mill.run("dead-letter", "list", "--tenant", "nobody");
    assertThat(tenant.status()).isEqualTo(2);
    assertThat(tenant.err()).contains("'nobody' is not in tenants.yaml");
    assertThat(mill.run("dead-letter", "list", "--limit", "0").status()).isEqualTo(2);
    assertThat(mill.run("dead-letter").status()).isEqualTo(2);
    assertThat(mill.hub().admin("/admin/v1/dead-letters?errorclass=mapping"))
        .contains("\"status\":400", "errorclass: no such parameter");
  }

  @Test
  void withoutAHubItSaysHowToNameOne() {
    Mill.Said said =
        Mill.runAnywhere(
            "dead-letter", "list", "--admin", "http://127.0.0.1:" + LoopbackPorts.free());
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).contains("no hub answers at", "./hub run", "--admin");
  }

  @Test
  void aViewerLooksAndIsToldWhatMoreNeeds() {
    assertThat(mill.runAs(TestAdmins.VIEWER, "dead-letter", "list").status()).isZero();
    Mill.Said refused = mill.runAs(TestAdmins.VIEWER, "dead-letter", "replay", id);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("'vera' is viewer: this needs operator");
    assertThat(mill.status("mill", id)).isEqualTo("dead-lettered");
  }

  @Test
  void aKeyThatIsNotKnownIsNamedByItsFileAndNeverShown() throws java.io.IOException {
    Path file = Files.writeString(mill.folder().resolve("wrong.key"), "hub_of-another-hub");
    Mill.Said refused =
        Mill.runAnywhere(
            "audit", "list", "--admin=" + mill.hub().adminAddress(""), "--key-file=" + file);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("does not take the key of " + file, "--key-file", "HUB_ADMIN_KEY")
        .doesNotContain("hub_of-another-hub");
  }

  @Test
  void aWebPageThatPointsItsNameHereIsRefused() throws java.io.IOException {
    int port = mill.hub().adminAddress("").getPort();
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write(
              "GET /admin/v1/dead-letters HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes()))
          .startsWith("HTTP/1.1 421")
          .contains("\"code\":\"host\"")
          .doesNotContain(id);
    }
  }
}
