package dev.cmmshub.observe.access;

import dev.cmmshub.yaml.FileWatch;
import dev.cmmshub.yaml.Watched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps who may use the administration port. A change of the file is taken up within half a second,
 * whole or not at all. While there is none the hub's own key counts; once there was one it counts
 * until the next start, also when it is broken or gone, so that losing the file opens no other way.
 */
public final class AdminsWatch implements Watched<Admins>, AutoCloseable {
  private final Supplier<Admin> own;
  private final FileWatch<Admins> watch;
  private boolean found;

  /**
   * @param file need not be there
   * @param own who counts without the file; asked for only then
   * @throws IllegalArgumentException naming file, line and column when it is broken at first
   */
  public AdminsWatch(Path file, Supplier<Admin> own) {
    this.own = own;
    this.watch = new FileWatch<>(file, this::read, none -> Set.of());
  }

  /** Called by the constructor first, then by the watching thread alone. */
  private Admins read(Path file) {
    if (!found && Files.notExists(file)) {
      return new Admins(Set.of(own.get()));
    }
    Admins admins = new AdminsFile().read(file);
    found = true;
    return admins;
  }

  @Override
  public Admins get() {
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
