package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code ./hub top} shows of a hub that works. */
class TopCommandTest {
  private static final Path ORDER = Path.of("connectors/odoo/samples");

  private final TestHub hub = TestHub.shared();

  private Mill.Said top(String... words) {
    return Mill.runAt(
        hub,
        TestAdmins.VIEWER,
        Stream.concat(Stream.of("top"), Stream.of(words)).toArray(String[]::new));
  }

  @Test
  void ratesAreOfTheTimeBetweenTwoLooks() throws IOException {
    Path sample;
    try (var samples = Files.list(ORDER)) {
      sample =
          samples.filter(path -> path.toString().contains("from-erp")).findFirst().orElseThrow();
    }
    byte[] body = Files.readAllBytes(sample);
    CompletableFuture<Mill.Said> said =
        CompletableFuture.supplyAsync(() -> top("--once", "--json", "--interval", "3s"));
    while (!said.isDone()) {
      hub.post("/v1/events/odoo", "river", "application/json", body);
    }
    assertThat(said.join().status()).as(said.join().err()).isZero();
    JsonNode glimpse = said.join().json();
    JsonNode first = glimpse.get("tenants").get(0);
    assertThat(first.get("id").asText()).isEqualTo("river");
    assertThat(first.get("acceptedPerSecond").asDouble()).isPositive();
    assertThat(glimpse.get("lag").size()).isPositive();
  }

  @Test
  void withoutATerminalItLooksOnce() {
    Mill.Said page = top("--interval", "200ms", "--rows", "1");
    assertThat(page.status()).as(page.err()).isZero();
    assertThat(page.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .anyMatch(line -> line.startsWith("hub top ") && line.contains("lag: "))
        .contains(
            "TENANT ACCEPTED/S APPLIED/S DELIVERED/S REJECTED/S FAILED/S PARKED DEAD SILENT FLOWS")
        .anyMatch(line -> line.matches("and [0-9]+ more that do less"));
    assertThat(page.out()).doesNotContain("\u001b");
  }

  @Test
  void wrongOptionsAreNamed() {
    Mill.Said often = top("--interval", "often");
    assertThat(often.status()).isEqualTo(2);
    assertThat(often.err()).contains("--interval", "often", "expected");
    assertThat(top("--interval", "1ms").err()).contains("200ms or more");
    assertThat(top("--rows", "0").err()).contains("--rows: expected 1 or more");
  }
}
