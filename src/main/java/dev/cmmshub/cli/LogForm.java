package dev.cmmshub.cli;

import java.io.Console;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Chooses how the log is written, before the first logger is made: for people where a terminal
 * shows it, for machines everywhere else.
 */
final class LogForm {
  private static final String WHERE = "HUB_LOG";
  private static final String FORMAT = "HUB_LOG_FORMAT";

  private LogForm() {}

  /**
   * Leaves the choice where log4j2.xml looks for it.
   *
   * @param node what each line names this process
   * @throws IllegalArgumentException when a variable says what there is not
   */
  static void choose(Map<String, String> environment, String node) {
    String where = oneOf(environment, WHERE, List.of("file", "console", "both"));
    oneOf(environment, FORMAT, List.of("json", "text"));
    boolean people = "console".equals(where) && isTerminal(System.console());
    put("hub.log.format", people ? "text" : "json");
    put("hub.log.plain", Boolean.toString(!Ansi.AUTO.enabled()));
    put("hub.log.node", node);
  }

  private static String oneOf(Map<String, String> environment, String name, List<String> known) {
    String value = environment.getOrDefault(name, known.get(0));
    if (!known.contains(value)) {
      throw new IllegalArgumentException(
          name + " '" + value + "': expected " + String.join(" or ", known));
    }
    return value;
  }

  /** From Java 22 on there is a console without a terminal too. */
  private static boolean isTerminal(Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private static void put(String name, String value) {
    System.getProperties().putIfAbsent(name, value);
  }
}
