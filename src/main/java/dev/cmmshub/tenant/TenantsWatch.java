package dev.cmmshub.tenant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tenants as {@code tenants.yaml} has them. A change is taken up within half a second,
 * whole or not at all: while the file is broken the last good version stays, and the log says once
 * what is wrong.
 */
public final class TenantsWatch implements Supplier<Tenants>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantsWatch.class);
  private static final int PERIOD_MS = 200;

  private final Path file;
  private final Function<Path, Tenants> reader;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tenants-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Tenants current;
  private volatile boolean valid = true;
  private byte[] seen;
  private byte[] settling;

  /**
   * Reads the file and watches it from now on.
   *
   * @throws IllegalArgumentException naming file, line and column when it is broken at first
   */
  public TenantsWatch(Path file, Function<Path, Tenants> reader) {
    this.file = file;
    this.reader = reader;
    this.current = reader.apply(file);
    this.seen = bytes();
    ticker.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Tenants get() {
    return current;
  }

  /** Whether the file as it is now is the one in use. */
  public boolean isValid() {
    return valid;
  }

  /** A change counts once it stood still for one look: a writer may be in the middle of it. */
  private void look() {
    byte[] now = bytes();
    if (Arrays.equals(now, seen)) {
      settling = null;
    } else if (Arrays.equals(now, settling)) {
      settling = null;
      seen = now;
      take();
    } else {
      settling = now;
    }
  }

  private void take() {
    try {
      current = reader.apply(file);
      valid = true;
      LOG.info("{} changed: {} tenants", file, current.all().size());
    } catch (RuntimeException e) {
      valid = false;
      LOG.error("The last good version of the tenants stays: {}", e.getMessage());
    }
  }

  /** Null while the file cannot be read, as between the two steps of an editor's renaming. */
  private byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
