package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./hub check} says of files as somebody in a hurry writes them. */
class CheckCommandTest {
  private static final String TENANTS =
      """
      defaults:
        retry: {schedule: [5s, soon]}
      tenants:
        acme:
          keys: [{id: erp, sha256: ABC}, {id: two}]
          systems:
            sap:
              conector: sap-s4hana
              poll: [{resource: workorders, every: 1m}]
            odo: {connector: odo}
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "https://cmms.example.com", apiToken: s3cret, apiTokn: x}
          subscriptions:
            - {to: cms, events: [workorder.*]}
            - {to: "https://hooks.example.com", events: [wrkorder.*], secret: s3cret}
            - {to: "https://other.example.com", events: ["*"]}
          mappings: {sapp/workorder.from-erp: none.jslt}
        Bolt: {enabled: maybe}
      """;

  private static final Path EXPECTED = Path.of("src/test/resources/check");

  @TempDir private Path folder;
  private String out = "";

  private int check(String... words) {
    StringWriter written = new StringWriter();
    String[] all = Stream.concat(Stream.of("check"), Stream.of(words)).toArray(String[]::new);
    int status = HubCommand.commandLine().setOut(new PrintWriter(written, true)).execute(all);
    out = written.toString();
    return status;
  }

  private String tenants(String text) throws IOException {
    return Files.writeString(folder.resolve("tenants.yaml"), text).toString();
  }

  @Test
  void nothingIsWrongWithWhatComesWithTheHub() {
    assertThat(check()).as(out).isZero();
    assertThat(out)
        .matches("Nothing is wrong: \\d connectors, \\d+ mappings, 1 tenant, \\d+ routes\\n");
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsPlace() throws IOException {
    assertThat(check("--tenants", tenants(TENANTS))).isEqualTo(1);
    assertThat(out.lines().map(line -> line.replace(folder + "/", "")))
        .containsExactlyElementsOf(Files.readAllLines(EXPECTED.resolve("tenants.txt")));
    assertThat(out).doesNotContain("s3cret");
  }

  @Test
  void anAddressIsCheckedUnlessItHoldsAReference() throws IOException {
    String system =
        "tenants: {acme: {systems: {cmms: {connector: cmms-rest, parameters: {baseUrl: \"%s\"}}}}}\n";
    assertThat(check("--tenants", tenants(system.formatted("https://{{env:NOT_THERE}}/api"))))
        .as(out)
        .isZero();
    assertThat(check("--tenants", tenants(system.formatted("ftp://x.example")))).isEqualTo(1);
    assertThat(out).contains("baseUrl: expected https:// or http://");
  }

  @Test
  void whoAdministersIsCheckedToo() throws IOException {
    Path admins = folder.resolve("admins.yaml");
    Files.writeString(admins, "admins: [{id: ann, sha256: \"" + "ab".repeat(32) + "\", rol: x}]\n");
    Path config = folder.resolve("application.properties");
    Files.writeString(config, "hub.admin.file=" + admins);
    assertThat(check("--config", config.toString())).isEqualTo(1);
    assertThat(out)
        .contains("admins.yaml:1:", "admins[0].rol: unknown field 'rol', did you mean role?");

    Files.writeString(config, "hub.admin.file=" + folder.resolve("none.yaml"));
    StringWriter err = new StringWriter();
    int status =
        HubCommand.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("check", "--config", config.toString());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("hub.admin.file: there is no", "leave the setting empty");
  }

  @Test
  void machinesGetJson() throws IOException {
    String file = tenants("tenants:\n  acme: {systems: {sap: {conector: sap-s4hana}}}\n");
    assertThat(check("--json", "--tenants", file)).isEqualTo(1);
    JsonNode mistakes = Json.mapper().readTree(out).get("mistakes");
    assertThat(mistakes).hasSize(1);
    JsonNode mistake = mistakes.get(0);
    assertThat(mistake.get("file").asText()).isEqualTo(file);
    assertThat(mistake.get("line").asInt()).isEqualTo(2);
    assertThat(mistake.get("column").asInt()).isEqualTo(26);
    assertThat(mistake.get("field").asText()).isEqualTo("tenants.acme.systems.sap.conector");
    assertThat(mistake.get("what").asText()).contains("did you mean connector?");
    assertThat(check("--json")).isZero();
    assertThat(Json.mapper().readTree(out).get("mistakes")).isEmpty();
  }

  /** Where it is checked they are often not there, and need not be. */
  @Test
  void referencesAreLookedUpWhenWanted() throws IOException {
    String file =
        tenants(
            """
            tenants:
              acme:
                systems:
                  cmms:
                    connector: cmms-rest
                    parameters: {baseUrl: "https://x.example", apiToken: "{{env:NOT_THERE}}"}
            """);
    assertThat(check("--tenants", file)).as(out).isZero();
    assertThat(check("--secrets", "--tenants", file)).isEqualTo(1);
    assertThat(out).contains("tenants.yaml:6:62: ").contains("{{env:NOT_THERE}}");
  }

  @Test
  void connectorsMappingsKameletsAndRoutesAreCheckedToo() throws IOException {
    Path mill = Files.createDirectories(folder.resolve("connectors/mill/mappings"));
    Files.writeString(
        mill.resolveSibling("connector.yaml"),
        """
        name: mil
        title: Mill
        version: one
        contentType: [application/json]
        envelope: mappings/envelope.jslt
        entities: {part: {fromErp: true}}
        errors: [{name: r1, body: '(', verdict: later}]
        """);
    Files.writeString(mill.resolve("envelope.jslt"), "{\"a\": to_lowcase(.b)}\n");
    Files.writeString(mill.resolveSibling("mill-sink.kamelet.yaml"), "kind: Kamelet\nspec: [\n");
    Path routes = Files.createDirectories(folder.resolve("routes"));
    Files.writeString(
        routes.resolve("1-x.camel.yaml"),
        "- route:\n    id: x\n    from:\n      uri: direct:x\n      stepps:\n        - log: y\n");
    Path settings =
        Files.writeString(
            folder.resolve("application.properties"),
            "hub.connectors.folder=%s\nhub.routes.folder=%s\n"
                .formatted(folder.resolve("connectors"), routes));
    String file = tenants("tenants:\n  acme: {systems: {mill: {connector: mill}}}\n");
    assertThat(check("--config", settings.toString(), "--tenants", file)).isEqualTo(1);
    assertThat(out.lines().map(line -> line.replace(folder + "/", "")))
        .containsExactlyElementsOf(Files.readAllLines(EXPECTED.resolve("connectors.txt")));
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThat(check("--tenants", folder.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(out).contains("none.yaml: cannot be read").contains("--tenants");
    assertThat(List.of(out.split("\n"))).last().isEqualTo("1 mistake in 1 file");
  }
}
