package dev.cmmshub.tenant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
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
  private static final int PERIOD_MS = 100;

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
  private Stamp taken;
  private Stamp settling;

  /**
   * What changes when the file does.
   *
   * @param file another one after a renaming; null where the file system does not tell
   */
  private record Stamp(Object file, FileTime modified, long size) {}

  /**
   * Reads the file and watches it from now on.
   *
   * @throws IllegalArgumentException naming file, line and column when it is broken at first
   */
  public TenantsWatch(Path file, Function<Path, Tenants> reader) {
    this.file = file;
    this.reader = reader;
    this.taken = stamp();
    this.current = reader.apply(file);
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

  /**
   * A file that was put in the place of another is whole; one that is written over counts once it
   * stood still for a look, since its writer may be in the middle of it.
   */
  private void look() {
    Stamp now = stamp();
    if (now == null || now.equals(taken)) {
      return;
    }
    boolean whole =
        now.equals(settling) || taken != null && !Objects.equals(now.file(), taken.file());
    if (whole) {
      taken = now;
      take();
    }
    settling = now;
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

  /** Null while the file is not there, as between the two steps of an editor's renaming. */
  private Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
