package dev.cmmshub.yaml;

import dev.cmmshub.message.Daemons;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a file says. A change of it is taken up within half a second, one of a file it refers
 * to within 3 s; whole or not at all: while something is broken the last good version stays, and
 * the log says once what is wrong.
 */
public final class FileWatch<T> implements Watched<T>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final int PERIOD_MS = 100;

  /** There may be thousands of them, which are not looked at as often. */
  private static final int LOOKS_AT_REFERRED = 10;

  private final Path file;
  private final Function<Path, T> reader;
  private final Function<Path, Set<Path>> references;
  private final FileChanges own = new FileChanges();
  private final FileChanges referred = new FileChanges();
  private final ScheduledExecutorService ticker = Daemons.ticker("file-watch");
  private volatile T current;
  private volatile boolean valid = true;
  private int looks;

  /**
   * Reads the file and watches it from now on.
   *
   * @param references the files that it refers to, read from it even when it is broken otherwise
   * @throws IllegalArgumentException naming file, line and column when it is broken at first
   */
  public FileWatch(Path file, Function<Path, T> reader, Function<Path, Set<Path>> references) {
    this.file = file;
    this.reader = reader;
    this.references = references;
    own.follow(List.of(file));
    this.current = read();
    ticker.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public T get() {
    return current;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  private void look() {
    boolean changed = own.happened();
    looks = (looks + 1) % LOOKS_AT_REFERRED;
    if (looks == 0) {
      changed |= referred.happened();
    }
    if (changed) {
      take();
    }
  }

  private void take() {
    try {
      current = read();
      valid = true;
      LOG.info("{} changed and is in use as it is now", file);
    } catch (RuntimeException e) {
      valid = false;
      LOG.error("The last good version of {} stays in use: {}", file, e.getMessage());
    }
  }

  /** What it refers to is looked at before it is read, so that no later change is missed. */
  private T read() {
    try {
      referred.follow(references.apply(file));
    } catch (java.io.UncheckedIOException e) {
      // Reading the file tells why better; what it referred to stays watched.
      LOG.debug("{} cannot be read", file, e);
    }
    return reader.apply(file);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
