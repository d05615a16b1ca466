package dev.cmmshub.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Puts the wall clock of one process forward and back, by libfaketime. */
final class FakeClock {
  private final Path file;

  /**
   * @param file is written; the process looks at it every two seconds
   */
  FakeClock(Path file) throws IOException {
    this.file = file;
    set(Duration.ZERO);
  }

  /** The environment of the process; skips the test where the library is not installed. */
  Map<String, String> environment() throws IOException {
    return Map.of(
        "LD_PRELOAD", library(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        // Pauses are measured by another clock, which nobody puts forward.
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Or the JVM hangs where it waits with a deadline.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  private static String library() throws IOException {
    try (Stream<Path> found =
        Files.find(
            Path.of("/usr/lib"), 3, (path, about) -> path.endsWith("faketime/libfaketime.so.1"))) {
      return found
          .findFirst()
          .map(Path::toString)
          .orElseGet(
              () -> Assumptions.abort("skipped, libfaketime is not installed (package faketime)"));
    }
  }

  /** How far off the clock is from now on; returns when the process has seen it. */
  void set(Duration off) throws IOException {
    Path next =
        Files.writeString(file.resolveSibling("clock.next"), "%+d%n".formatted(off.toSeconds()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    // It counts whole seconds, and more than one has to be over.
    FaultServers.pause(2500);
  }
}
