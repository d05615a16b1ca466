package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code ./hub --help} and a wrong word say. */
class HelpTest {
  private static final int WIDTH = 78;

  static Stream<CommandLine> commands() {
    List<CommandLine> all = new ArrayList<>(List.of(HubCommand.commandLine()));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).getSubcommands().values());
    }
    return all.stream().filter(command -> !command.getCommandName().equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void descriptionsFitATerminalAndBeginWithASentence(CommandLine command) {
    String[] lines = command.getCommandSpec().usageMessage().description();
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
    assertThat(lines[0]).as("stands alone in the list of commands").endsWith(".");
  }

  /** Every command's {@code --help} works, also where a command has an option of its own. */
  @ParameterizedTest
  @MethodSource("commands")
  void helpIsShownAndFitsATerminal(CommandLine command) {
    StringWriter out = new StringWriter();
    String[] name = command.getCommandSpec().qualifiedName(" ").split(" ");
    List<String> words = new ArrayList<>(List.of(name).subList(1, name.length));
    words.add("--help");
    assertThat(
            HubCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute(words.toArray(new String[0])))
        .isZero();
    assertThat(out.toString()).startsWith("Usage: ");
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @CsvSource({
    "dead-letter replay,, 'Which? An ID, a filter such as --error-class mapping, or --all'",
    "dead-letter replay, --all --dry-run --yes, 'Either --dry-run or --yes, not both'",
    "dead-letter discard, 1200d27d, 'Missing required option: ''--reason=TEXT'''",
    "demo, --scene fire, 'Invalid value for option ''--scene'''",
    "audit list, --tenat x, 'Unknown options: ''--tenat'', ''x'''"
  })
  void aMistakeIsNotBuriedInHelp(String command, String rest, String mistake) {
    String words = rest == null ? command : command + ' ' + rest;
    StringWriter err = new StringWriter();
    assertThat(execute(err, words.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("hub: " + mistake)
        .contains("./hub " + command + " --help")
        .hasLineCount(2);
  }

  @Test
  void aMissingCommandIsAnsweredWithTheCommandsThereAre() {
    StringWriter err = new StringWriter();
    assertThat(execute(err, "dead-letter")).isEqualTo(2);
    assertThat(err.toString()).startsWith("hub: Which command?").contains("replay ", "discard ");
  }

  private static int execute(StringWriter err, String... words) {
    return HubCommand.commandLine().setErr(new PrintWriter(err, true)).execute(words);
  }
}
