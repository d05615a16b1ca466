package dev.cmmshub.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where servers are unpacked once for all data directories: {@code ~/.cache/cmms-hub}, as XDG says.
 */
final class BinaryCache {
  private BinaryCache() {}

  static Path folder(String server) throws IOException {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return Files.createDirectories(base.resolve("cmms-hub").resolve(server));
  }
}
