package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./hub connector test} says. */
class ConnectorTestCommandTest {
  private static final String SAMPLE = "workorder.from-erp.in-progress.json";

  @TempDir private Path folder;
  private String out = "";

  private int test(String... words) {
    StringWriter written = new StringWriter();
    PrintWriter writer = new PrintWriter(written, true);
    String[] all =
        Stream.concat(Stream.of("connector", "test"), Stream.of(words)).toArray(String[]::new);
    int status = HubCommand.commandLine().setOut(writer).setErr(writer).execute(all);
    out = written.toString();
    return status;
  }

  /** A tenant whose mapping of work orders is the connector's with another description. */
  private String tenants() throws IOException {
    String mapping =
        Files.readString(Path.of("connectors/odoo/mappings/workorder.from-erp.jslt"))
            .replaceFirst("\"description\"[^\\n]*", "\"description\": \"of acme\",");
    Path own = Files.writeString(folder.resolve("own.jslt"), mapping);
    return Files.writeString(
            folder.resolve("tenants.yaml"),
            """
            tenants:
              acme:
                systems:
                  erp: {connector: odoo}
                  sap: {connector: sap-s4hana}
                mappings: {erp/workorder.from-erp: "%s"}
            """
                .formatted(own))
        .toString();
  }

  @Test
  void allConnectorsAreAsExpected() {
    assertThat(test()).as(out).isZero();
    assertThat(out).containsPattern("odoo: (\\d+) of \\1 samples as expected");
    assertThat(out).containsPattern("sap-s4hana: (\\d+) of \\1 samples as expected");
  }

  @Test
  void whatATenantChangesIsToldUntilItIsExpected() throws IOException {
    String tenants = tenants();
    assertThat(test("--tenant", "acme", "--tenants", tenants)).isEqualTo(1);
    assertThat(out)
        .contains("acme/erp (odoo): ")
        .contains("connectors/odoo/samples/" + SAMPLE)
        .contains("entity.description: expected \"")
        .contains(", got \"of acme\"")
        .containsPattern("acme/sap \\(sap-s4hana\\): (\\d+) of \\1 samples as expected");

    assertThat(test("--tenant", "acme", "--tenants", tenants, "--update")).as(out).isZero();
    Path expected = folder.resolve("tenants/acme/erp/expected").resolve(SAMPLE);
    assertThat(expected).content().contains("of acme");
    assertThat(test("--tenant", "acme", "--tenants", tenants)).as(out).isZero();
    try (Stream<Path> written = Files.list(expected.getParent())) {
      assertThat(written).as("only what differs").allMatch(file -> contains(file, "of acme"));
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void samplesOfTheTenantsOwnAreRunToo() throws IOException {
    String tenants = tenants();
    Path samples = Files.createDirectories(folder.resolve("tenants/acme/sap/samples"));
    Files.writeString(samples.resolve("workorder.from-erp.torn.json"), "{\"d\":");
    Files.copy(
        Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json"),
        samples.resolve("workorder.from-erp.own.json"));
    assertThat(test("sap-s4hana", "--tenant", "acme", "--tenants", tenants, "--json")).isEqualTo(1);
    JsonNode answer = Json.read(out.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String wrong = "";
    for (JsonNode sample : answer.get("samples")) {
      assertThat(sample.get("set").asText()).isEqualTo("acme/sap (sap-s4hana)");
      wrong += sample.get("asExpected").asBoolean() ? "" : sample.toString();
    }
    assertThat(wrong)
        .contains("workorder.from-erp.torn.json")
        .contains("workorder.from-erp.own.json")
        .contains("nothing says what is expected");
  }

  @Test
  void whoIsNotThereIsAnsweredWithTheNearestName() throws IOException {
    assertThat(test("odo")).isEqualTo(2);
    assertThat(out).contains("There is no connector 'odo': did you mean odoo?");
    assertThat(test("--tenant", "acne", "--tenants", tenants())).isEqualTo(2);
    assertThat(out).contains("There is no tenant 'acne': did you mean acme?");
  }
}
