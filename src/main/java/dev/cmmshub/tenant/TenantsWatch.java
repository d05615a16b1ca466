package dev.cmmshub.tenant;

import dev.cmmshub.yaml.FileWatch;
import dev.cmmshub.yaml.Watched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps the tenants as {@code tenants.yaml} and the files it names for secrets have them. A change
 * of it is taken up within half a second, one of a secret within 3 s, whole or not at all: while
 * one of them is broken, empty or gone the last good version stays, and the log says once what is
 * wrong.
 */
public final class TenantsWatch implements Watched<Tenants>, AutoCloseable {
  private final FileWatch<Tenants> watch;

  /**
   * Reads the file and watches it from now on.
   *
   * @throws IllegalArgumentException naming file, line and column when it is broken at first
   */
  public TenantsWatch(Path file, Function<Path, Tenants> reader) {
    this.watch = new FileWatch<>(file, reader, TenantsWatch::secrets);
  }

  private static Set<Path> secrets(Path file) {
    try {
      return SecretReferences.filesIn(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Tenants get() {
    return watch.get();
  }

  @Override
  public boolean isValid() {
    return watch.isValid();
  }

  @Override
  public void close() {
    watch.close();
  }
}
