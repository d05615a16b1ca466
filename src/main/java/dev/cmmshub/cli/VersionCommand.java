package dev.cmmshub.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Says which hub, Camel, Kafka and Java this is. */
@Command(
    name = "version",
    description = "Shows the versions of the hub and what it is made of.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    for (String line : new Provider().getVersion()) {
      System.out.println(line);
    }
    return 0;
  }

  /** The same lines for {@code --version}. */
  static final class Provider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties versions = new Properties();
      try (InputStream stream = VersionCommand.class.getResourceAsStream("/versions.properties")) {
        versions.load(stream);
      }
      return new String[] {
        "CMMS Hub " + versions.getProperty("hub"),
        "Apache Camel "
            + versions.getProperty("camel")
            + ", Apache Kafka "
            + versions.getProperty("kafka"),
        "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
      };
    }
  }
}
