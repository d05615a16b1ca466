package dev.cmmshub.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that only their owner can read, from their first byte on. */
public final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private PrivateFiles() {}

  static Path folder(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /** Whoever reads the file, and whenever this process is killed: the old text or the new one. */
  public static void write(Path file, String text) throws IOException {
    Path complete = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(complete);
    Files.createFile(complete, OWNER_ONLY);
    Files.writeString(complete, text);
    Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
