package dev.cmmshub.cli;

import dev.cmmshub.embedded.PrivateFiles;
import dev.cmmshub.observe.access.Admin;
import dev.cmmshub.observe.access.Role;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The key of a hub without {@code admins.yaml}: made at the first start and kept in the data
 * directory, in a file that only its owner can read. Commands on the same machine find it there.
 */
final class AdminKeyFile {
  private static final String ID = "local-admin";

  private final Path folder;
  private final Path file;

  AdminKeyFile(Path dataDirectory) {
    this.folder = dataDirectory;
    this.file = dataDirectory.resolve("admin.key");
  }

  Path path() {
    return file;
  }

  /** Empty when no hub made one here. */
  Optional<Secret> read() {
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /**
   * The key in a file, without its last line break.
   *
   * @throws UncheckedIOException when it cannot be read
   * @throws IllegalArgumentException when it is empty
   */
  static Secret read(Path file) {
    try {
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        throw new IllegalArgumentException(file + " is empty: expected a key");
      }
      return new Secret(key);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the key in " + file + " cannot be read: check the path, and whose file it is", e);
    }
  }

  /**
   * Who has the key, which is made when it is not there.
   *
   * @param announce told of the file when the key was made
   */
  Admin admin(SecureRandom random, Consumer<Path> announce) {
    if (Files.notExists(file)) {
      make(random);
      announce.accept(file);
    }
    return new Admin(ID, KeyHash.of(read(file).value()), Role.ADMIN);
  }

  private void make(SecureRandom random) {
    try {
      Files.createDirectories(folder);
      PrivateFiles.write(file, KeyHash.newKey(random) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " cannot be written: make its folder writable, or choose another with --data", e);
    }
  }
}
