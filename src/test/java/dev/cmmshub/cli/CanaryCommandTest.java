package dev.cmmshub.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A record that goes the whole way of a real hub, and what is said when it does not. */
class CanaryCommandTest {
  private static Mill mill;
  private static Path body;

  private record Said(int status, String out, String err) {}

  @BeforeAll
  static void start() throws IOException {
    mill = new Mill();
    body =
        Files.writeString(
            mill.folder().resolve("canary.json"),
            new String(Mill.order("CANARY", "2"), UTF_8).replace("1780000000000", "{{millis}}"));
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  private static Said canary(String tenant, String... more) throws IOException {
    return canaryTo("http://127.0.0.1:" + mill.hub().port(), tenant, more);
  }

  private static Said canaryTo(String hub, String tenant, String... more) throws IOException {
    Path key = Files.writeString(mill.folder().resolve(tenant + ".key"), mill.key(tenant) + "\n");
    String[] words = new String[more.length + 4];
    words[0] = "canary";
    words[1] = "--hub=" + hub;
    words[2] = "--key-file=" + key;
    words[3] = "--system=sap";
    System.arraycopy(more, 0, words, 4, more.length);
    return run(words);
  }

  private static Said run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine hub =
        HubCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Said(hub.execute(words), out.toString(), err.toString());
  }

  @Test
  void eachRecordIsANewOneAndArrives() throws IOException {
    Said first = canary("mine", "--body=" + body);
    assertThat(first.err()).isEmpty();
    assertThat(first.status()).isZero();
    assertThat(first.out())
        .containsPattern(
            "(?m)^20.{8}T.{8}(\\.\\d{3})?Z  [0-9a-f-]{36}  applied after \\d+\\.\\d\\d s$");
    Said second = canary("mine", "--body=" + body, "--json");
    assertThat(second.status()).isZero();
    assertThat(second.out()).contains("\"arrived\":true", "\"status\":\"applied\"");
    assertThat(first.out()).doesNotContain(Mill.json(second.out()).get("id").asText());
  }

  @Test
  void itGoesAsFarAsItsObserversWhenThatIsAsked() throws IOException {
    assertThat(canary("quay", "--body=" + body, "--until=delivered").out()).contains("delivered");
    Said nobody = canary("mine", "--body=" + body, "--until=delivered", "--within=1s");
    assertThat(nobody.status()).isEqualTo(1);
    assertThat(nobody.out())
        .contains("lost", "last seen applied: not delivered within 1 s: ./hub event show ");
  }

  @Test
  void whatDiesOnItsWayIsSaidAtOnce() throws IOException {
    String dies =
        Files.readString(body).replaceAll("\"MaintPriority\":\"2\"", "\"MaintPriority\":\"X\"");
    Said said =
        canary("mill", "--body=" + Files.writeString(mill.folder().resolve("bad.json"), dies));
    assertThat(said.status()).as(said.out()).isEqualTo(1);
    assertThat(said.out()).contains("lost", "it is dead-lettered");
  }

  @Test
  void aHubThatRefusesOrIsAwayIsNamed() throws IOException {
    Path stranger = Files.writeString(mill.folder().resolve("stranger.key"), "hub_nobody");
    assertThat(
            run(
                    "canary",
                    "--hub=http://127.0.0.1:" + mill.hub().port(),
                    "--key-file=" + stranger,
                    "--system=sap",
                    "--body=" + body)
                .out())
        .contains("-  not accepted", "HTTP 401");
    String away = "http://127.0.0.1:" + LoopbackPorts.free();
    Said said = canaryTo(away, "mine", "--body=" + body);
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.out()).contains("nobody answers at " + away);
  }

  @Test
  void prometheusIsToldOfTheLastOne() throws IOException {
    Path gauges = mill.folder().resolve("canary.prom");
    canary("mine", "--body=" + body, "--textfile=" + gauges);
    assertThat(Files.readString(gauges))
        .contains("hub_canary_up 1.000\n")
        .containsPattern("hub_canary_seconds \\d")
        .containsPattern("hub_canary_arrived_timestamp_seconds 1\\d{9}");
    canaryTo("http://127.0.0.1:1", "mine", "--body=" + body, "--textfile=" + gauges);
    assertThat(Files.readString(gauges)).contains("hub_canary_up 0.000\n");
  }

  @Test
  void wrongOptionsAreSaidBeforeAnythingIsSent() throws IOException {
    assertThat(canary("mine", "--body=" + mill.folder().resolve("none")).err())
        .contains("--body:", "cannot be read");
    Path same = Files.writeString(mill.folder().resolve("same.json"), "{}");
    Said said = canary("mine", "--body=" + same);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains("has no {{millis}}");
    assertThat(canary("mine", "--body=" + body, "--within=soon").err()).contains("--within:");
    assertThat(canary("mine", "--body=" + body, "--every=0s").err()).contains("--every:");
    assertThat(run("canary", "--system=sap", "--body=" + body).err()).contains("HUB_CANARY_KEY");
  }
}
