package dev.cmmshub.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

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
    // The unpacker opens its own folder to everybody; nobody else may put a program there.
    Path ours = PrivateFiles.folder(base.resolve("cmms-hub"));
    return Files.createDirectories(ours.resolve(server));
  }

  /**
   * Removes what a hub that was ended while unpacking left of PostgreSQL: the unpacker would keep
   * its half-written files. What another hub is unpacking right now stays.
   */
  static void dropIncomplete(Path postgres) throws IOException {
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(postgres, "PG-*")) {
      for (Path version : versions) {
        if (Files.notExists(version.resolve(".exists"))) {
          dropUnlessLocked(version);
        }
      }
    }
  }

  private static void dropUnlessLocked(Path version) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                version.resolve("epg-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        delete(version);
      }
    } catch (OverlappingFileLockException e) {
      // This very process is unpacking it.
      return;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      // What lies in a folder goes before it.
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
