package dev.cmmshub.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends servers that a killed hub left behind. Only what is provably ours is touched: the process of
 * the pid file must have our data directory in its command line.
 */
final class OrphanReaper {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);
  private static final int PATIENCE_SECONDS = 10;

  private OrphanReaper() {}

  /**
   * Returns when the process is gone.
   *
   * @param pidFile its first line is the process id
   * @param mark must stand in the process's command line
   */
  static void reap(Path pidFile, String mark) {
    if (Files.notExists(pidFile)) {
      return;
    }
    try {
      String first = Files.readString(pidFile).lines().findFirst().orElse("").trim();
      if (first.matches("[0-9]+")) {
        ProcessHandle.of(Long.parseLong(first))
            .filter(process -> isOurs(process, mark))
            .ifPresent(OrphanReaper::end);
      }
    } catch (java.io.IOException e) {
      LOG.warn("{} cannot be read: {}", pidFile, e.getMessage());
    }
  }

  private static boolean isOurs(ProcessHandle process, String mark) {
    return process
        .info()
        .commandLine()
        .map(line -> line.contains(mark))
        .orElseGet(() -> commandLine(process).contains(mark));
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (java.io.IOException e) {
      // Not Linux, or gone meanwhile: then it is not provably ours.
      return "";
    }
  }

  private static void end(ProcessHandle process) {
    LOG.info("Ending process {} that an earlier hub left behind", process.pid());
    // SIGTERM lets PostgreSQL's children end with it; Redis has nothing to lose.
    process.destroy();
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
