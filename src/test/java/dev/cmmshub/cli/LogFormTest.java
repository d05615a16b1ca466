package dev.cmmshub.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each in a process of its own, as the log is set up once a process. */
class LogFormTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("hub.log");
  }

  private String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("HUB_LOG") || name.equals("NO_COLOR"));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("HUB_LOG_FILE", file().toString());
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private String run(Map<String, String> environment) throws IOException, InterruptedException {
    return run(List.of(JAVA, "-XX:TieredStopAtLevel=1", LoggedLine.class.getName()), environment);
  }

  @Test
  void aLineIsOneObjectOfTheElasticCommonSchemaInTheFile() throws Exception {
    assertThat(run(Map.of())).isEmpty();
    assertThat(Files.readAllLines(file())).hasSize(1);
    JsonNode line = Json.mapper().readTree(file().toFile());
    assertThat(line.get("labels.tenant").asText()).isEqualTo("acme");
    assertThat(line.get("labels.system").asText()).isEqualTo("sap");
    assertThat(line.get("event.id").asText()).isEqualTo("e-1");
    assertThat(line.get("event.outcome").asText()).isEqualTo("failure");
    assertThat(line.get("log.level").asText()).isEqualTo("WARN");
    assertThat(line.get("service.node.name").asText()).isEqualTo("node-7");
    assertThat(line.get("event.dataset").asText()).isEqualTo("cmms_hub");
    assertThat(line.get("message").asText()).contains("first\n");
  }

  @Test
  void withBothItIsOnStandardOutputAndInTheFile() throws Exception {
    String output = run(Map.of("HUB_LOG", "both"));
    assertThat(output).startsWith("{\"@timestamp\"").isEqualTo(Files.readString(file()));
  }

  @Test
  void asTextItIsOneLineWithWhoseItIsAndWithoutColoursWhereThereIsNoTerminal() throws Exception {
    String output = run(Map.of("HUB_LOG", "console", "HUB_LOG_FORMAT", "text"));
    assertThat(output.lines()).hasSize(1);
    assertThat(output)
        .contains("WARN  LoggedLine: first\\n2026", " tenant=acme system=sap event=e-1")
        .doesNotContain("\u001b", "trace=");
    assertThat(file()).doesNotExist();
  }

  @Test
  void onATerminalItIsTextWithColoursUnlessSomebodySaysOtherwise() throws Exception {
    assumeTrue(
        new ProcessBuilder("sh", "-c", "script --version >/dev/null 2>&1").start().waitFor() == 0,
        "script (util-linux) is not installed: the log on a terminal is not checked");
    List<String> terminal =
        List.of(
            "script",
            "-qec",
            JAVA + " -XX:TieredStopAtLevel=1 " + LoggedLine.class.getName(),
            "/dev/null");
    assertThat(run(terminal, Map.of("HUB_LOG", "console")))
        .contains("\u001b[", "tenant=acme")
        .doesNotContain("{\"@timestamp\"");
    assertThat(run(terminal, Map.of("HUB_LOG", "console", "NO_COLOR", "1")))
        .contains("tenant=acme")
        .doesNotContain("\u001b[");
    assertThat(run(terminal, Map.of("HUB_LOG", "console", "HUB_LOG_FORMAT", "json")))
        .contains("{\"@timestamp\"");
  }

  @Test
  void aChoiceThereIsNotIsRefusedByName() {
    assertThatThrownBy(() -> LogForm.choose(Map.of("HUB_LOG_FORMAT", "xml"), "n"))
        .hasMessage("HUB_LOG_FORMAT 'xml': expected json or text");
    assertThatThrownBy(() -> LogForm.choose(Map.of("HUB_LOG", "stdout"), "n"))
        .hasMessage("HUB_LOG 'stdout': expected file or console or both");
  }
}
