package dev.cmmshub.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends servers that a killed hub left behind. Only what is provably ours is touched: the process of
 * the pid file must run the server's program, with our path as one of its arguments.
 */
final class OrphanReaper {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);
  private static final int PATIENCE_SECONDS = 10;

  private OrphanReaper() {}

  /**
   * Returns when the process is gone.
   *
   * @param pidFile its first line is the process id
   * @param program what the name of its executable begins with
   * @param argument the path that must be among its arguments
   * @throws IOException when the pid file cannot be read or the process does not end
   */
  static void reap(Path pidFile, String program, Path argument) throws IOException {
    if (Files.notExists(pidFile)) {
      return;
    }
    String first = Files.readString(pidFile).lines().findFirst().orElse("").trim();
    if (!first.matches("[0-9]{1,18}")) {
      return;
    }
    ProcessHandle process = ProcessHandle.of(Long.parseLong(first)).orElse(null);
    if (process != null && isOurs(process, program, argument.toString())) {
      end(process);
    }
  }

  private static boolean isOurs(ProcessHandle process, String program, String argument) {
    return process
            .info()
            .command()
            .map(command -> Path.of(command).getFileName().toString().startsWith(program))
            .orElse(false)
        && arguments(process).contains(argument);
  }

  private static List<String> arguments(ProcessHandle process) {
    try {
      // Whole, where the process interface leaves out what is longer than a page.
      return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0"));
    } catch (IOException e) {
      // Not Linux, or gone meanwhile.
      return process.info().arguments().map(List::of).orElse(List.of());
    }
  }

  private static void end(ProcessHandle process) throws IOException {
    LOG.info("Ending process {} that an earlier start left behind", process.pid());
    // On SIGTERM PostgreSQL would wait for every client to leave; on SIGINT it just stops cleanly.
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    if (isGone(process)) {
      return;
    }
    process.destroyForcibly();
    if (!isGone(process)) {
      throw new IOException(
          "process " + process.pid() + " of an earlier start does not end: end it by hand");
    }
  }

  private static boolean isGone(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
