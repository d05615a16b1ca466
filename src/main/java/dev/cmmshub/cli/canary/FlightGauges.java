package dev.cmmshub.cli.canary;

import dev.cmmshub.embedded.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** Tells the last flight in a file that Prometheus' node exporter reads (textfile collector). */
public final class FlightGauges {
  private final Path file;
  private double arrivedAt;

  public FlightGauges(Path file) {
    this.file = file;
  }

  /** Who reads the file meets the flight before or this one, whole. */
  public void tell(Flight flight) throws IOException {
    if (flight.arrived()) {
      arrivedAt = flight.begin().toEpochMilli() / 1000.0;
    }
    String text =
        gauge("up", "1 when the last record arrived.", flight.arrived() ? 1 : 0)
            + gauge(
                "seconds", "How long the last record took, or was waited for.", flight.seconds())
            + gauge("arrived_timestamp_seconds", "When the last that arrived was sent.", arrivedAt);
    PrivateFiles.write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String gauge(String name, String help, double value) {
    return String.format(
        Locale.ROOT,
        "# HELP hub_canary_%1$s %2$s%n# TYPE hub_canary_%1$s gauge%nhub_canary_%1$s %3$.3f%n",
        name,
        help,
        value);
  }
}
