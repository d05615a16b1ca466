package dev.cmmshub.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells when files changed and are whole. A file that was put in the place of another is whole; one
 * that is written over, or is gone, counts once it stood still for a look, since somebody may be in
 * the middle of it. For one thread.
 */
final class FileChanges {
  private Map<Path, Optional<Stamp>> taken = Map.of();
  private Map<Path, Optional<Stamp>> settling = Map.of();

  /**
   * What changes when the file does.
   *
   * @param key another one after a renaming; empty where the file system does not tell
   */
  private record Stamp(Optional<Object> key, FileTime modified, long size) {}

  /** Looks at these from now on; as they are now they count as known. */
  void follow(Collection<Path> files) {
    taken = stamps(files);
    settling = taken;
  }

  /** Whether one is another than when this was last true. */
  boolean happened() {
    Map<Path, Optional<Stamp>> now = stamps(taken.keySet());
    boolean whole = !now.equals(taken) && (now.equals(settling) || areReplaced(now));
    settling = now;
    if (whole) {
      taken = now;
    }
    return whole;
  }

  private boolean areReplaced(Map<Path, Optional<Stamp>> now) {
    return now.entrySet().stream()
        .filter(file -> !file.getValue().equals(taken.get(file.getKey())))
        .allMatch(file -> isReplaced(taken.get(file.getKey()), file.getValue()));
  }

  private static boolean isReplaced(Optional<Stamp> before, Optional<Stamp> now) {
    return before.isPresent() && now.isPresent() && !now.get().key().equals(before.get().key());
  }

  private static Map<Path, Optional<Stamp>> stamps(Collection<Path> files) {
    Map<Path, Optional<Stamp>> stamps = new HashMap<>();
    files.forEach(file -> stamps.put(file, stamp(file)));
    return stamps;
  }

  /** Empty while the file is not there, as between the two steps of an editor's renaming. */
  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(
              Optional.ofNullable(attributes.fileKey()),
              attributes.lastModifiedTime(),
              attributes.size()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
