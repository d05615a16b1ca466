package dev.cmmshub.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells whether files have changed, without reading them: by time, size and identity, so that one
 * that was put in another's place is seen too.
 */
public record FileStamp(Map<Path, String> files) {
  private static final String MISSING = "missing";

  public FileStamp {
    files = Map.copyOf(files);
  }

  /** As these files are now. */
  public static FileStamp of(Collection<Path> files) {
    Reading reading = new Reading();
    files.forEach(reading::begin);
    return reading.stamp();
  }

  /** Files that are being read, one after the other. */
  public static final class Reading {
    private final Map<Path, String> files = new HashMap<>();

    /** To be said before the file is opened, so that a change meanwhile is not missed. */
    public void begin(Path file) {
      files.putIfAbsent(file, look(file));
    }

    public FileStamp stamp() {
      return new FileStamp(files);
    }
  }

  public boolean hasChanged() {
    return files.entrySet().stream()
        .anyMatch(entry -> !entry.getValue().equals(look(entry.getKey())));
  }

  private static String look(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey();
    } catch (IOException e) {
      return MISSING;
    }
  }
}
