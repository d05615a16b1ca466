package dev.cmmshub.tenant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last ten versions of {@code tenants.yaml} that were in use, as files {@code
 * <number>-<version>.yaml}, the newest with the highest number.
 */
public final class VersionsKept {
  private static final int MOST = 10;

  private final Path folder;

  /**
   * @param folder is made when the first one is kept
   */
  public VersionsKept(Path folder) {
    this.folder = folder;
  }

  /** Keeps a version that is in use from now on, unless it is the newest already. */
  public synchronized void keep(String version, byte[] content) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      List<Path> all = all();
      Path newest = all.isEmpty() ? null : all.get(all.size() - 1);
      if (newest != null && version(newest).equals(version)) {
        return;
      }
      int number = newest == null ? 1 : number(newest) + 1;
      Path next = folder.resolve("%08d-%s.yaml".formatted(number, version));
      Path written = Files.write(folder.resolve("next"), content);
      Files.move(written, next, StandardCopyOption.ATOMIC_MOVE);
      for (Path old : all.subList(0, Math.max(0, all.size() + 1 - MOST))) {
        Files.delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": the version cannot be kept", e);
    }
  }

  /** The one that was in use before this one, if it is kept. */
  public synchronized Optional<byte[]> before(String version) {
    try {
      List<Path> all = all();
      for (int i = all.size() - 1; i > 0; i--) {
        if (version(all.get(i)).equals(version)) {
          return Optional.of(Files.readAllBytes(all.get(i - 1)));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": the former version cannot be read", e);
    }
  }

  private List<Path> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name(file).matches("[0-9]{8}-[0-9a-f]+\\.yaml"))
          .sorted()
          .toList();
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(name(file).substring(0, 8));
  }

  private static String version(Path file) {
    return name(file).replaceFirst("^[0-9]+-", "").replaceFirst("\\.yaml$", "");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
