package dev.cmmshub.transform.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./hub transform} as a shell runs it: what it prints where, and its exit status. */
class TransformCommandLineTest {
  @TempDir private Path folder;

  record Run(int status, String out, String err) {}

  @ParameterizedTest
  @CsvSource({
    "add 5 3,                        8",
    "concat - -h --list,             -h---list",
    "default null x,                 x"
  })
  void printsTheResultAlone(String words, String result) throws Exception {
    assertThat(hub(words.split(" "))).isEqualTo(new Run(0, result + "\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "add x 3,  1, 'hub: add: argument 1 is \"x\", expected a decimal'",
    "ad 5 3,   2, 'hub: no function ''ad'': did you mean add, '",
    "add 5,    2, 'hub: add: got 1 argument, expected add(a: decimal, b: decimal) -> decimal'",
    "--lst,    2, 'hub: Unknown option --lst'"
  })
  void anErrorIsOneLineAndAStatus(String words, int status, String error) throws Exception {
    Run run = hub(words.split(" "));
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(error).hasLineCount(1);
  }

  @Test
  void runsAMappingOnStandardInput() throws Exception {
    Path mapping = Files.writeString(folder.resolve("m.jslt"), "{\"b\": add(.a, 1)}");
    Files.writeString(folder.resolve("in"), "{\"a\": 1.50}");
    assertThat(hub("--mapping", mapping.toString()))
        .isEqualTo(new Run(0, "{\n  \"b\" : 2.50\n}\n", ""));
    Files.writeString(mapping, "{\"b\": .a * 2}");
    assertThat(hub("--mapping", mapping.toString()))
        .isEqualTo(
            new Run(
                1, "", "hub: " + mapping + ":1:10: '*' computes in doubles: use multiply(a, b)\n"));
  }

  @Test
  void listsEveryFunctionForPeopleAndMachines() throws Exception {
    Run people = hub("--list");
    Run machines = hub("--list", "--json");
    assertThat(people.out()).startsWith("abs(d: decimal) -> decimal   ");
    assertThat(Json.mapper().readTree(machines.out()))
        .hasSize((int) people.out().lines().count())
        .allSatisfy(f -> assertThat(people.out()).contains(f.get("signature").textValue()));
  }

  private Run hub(String... words) throws IOException, InterruptedException {
    Path input = folder.resolve("in");
    if (!Files.exists(input)) {
      Files.createFile(input);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cmmshub.cli.HubCommand",
                "transform"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }
}
