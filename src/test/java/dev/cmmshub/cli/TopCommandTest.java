package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What {@code ./hub top} shows of a hub that works. */
class TopCommandTest {
  private static final Path ORDER = Path.of("connectors/odoo/samples");

  private final TestHub hub = TestHub.shared();
  private int status;
  private String err = "";

  private String top(String... words) {
    List<String> all = new ArrayList<>(List.of("top"));
    all.addAll(List.of(words));
    all.addAll(
        List.of(
            "--key-file",
            hub.admins().keyFile(TestAdmins.VIEWER).toString(),
            "--admin",
            hub.adminAddress("").toString()));
    StringWriter out = new StringWriter();
    StringWriter wrong = new StringWriter();
    status =
        HubCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(wrong, true))
            .execute(all.toArray(String[]::new));
    err = wrong.toString();
    return out.toString();
  }

  @Test
  void ratesAreOfTheTimeBetweenTwoLooks() throws IOException {
    Path sample;
    try (var samples = Files.list(ORDER)) {
      sample =
          samples.filter(path -> path.toString().contains("from-erp")).findFirst().orElseThrow();
    }
    byte[] body = Files.readAllBytes(sample);
    CompletableFuture<String> json =
        CompletableFuture.supplyAsync(() -> top("--once", "--json", "--interval", "3s"));
    while (!json.isDone()) {
      hub.post("/v1/events/odoo", "river", "application/json", body);
    }
    JsonNode glimpse = Json.read(json.join().getBytes(StandardCharsets.UTF_8));
    assertThat(status).as(err).isZero();
    JsonNode first = glimpse.get("tenants").get(0);
    assertThat(first.get("id").asText()).isEqualTo("river");
    assertThat(first.get("acceptedPerSecond").asDouble()).isPositive();
    assertThat(glimpse.get("lag").size()).isPositive();
  }

  @Test
  void withoutATerminalItLooksOnce() {
    String page = top("--interval", "200ms", "--rows", "1");
    assertThat(status).as(err).isZero();
    assertThat(page.lines().map(line -> line.replaceAll(" +", " ").strip()))
        .anyMatch(line -> line.startsWith("hub top ") && line.contains("lag: "))
        .contains(
            "TENANT ACCEPTED/S APPLIED/S DELIVERED/S REJECTED/S FAILED/S PARKED DEAD SILENT FLOWS")
        .anyMatch(line -> line.matches("and [0-9]+ more that do less"));
    assertThat(page).doesNotContain("\u001b");
  }

  @Test
  void wrongOptionsAreNamed() {
    top("--interval", "often");
    assertThat(status).isEqualTo(2);
    assertThat(err).contains("--interval", "often", "expected");
    top("--interval", "1ms");
    assertThat(err).contains("200ms or more");
    top("--rows", "0");
    assertThat(err).contains("--rows: expected 1 or more");
  }
}
