package dev.cmmshub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file for {@code {{file:...}}}, which is gone when the tests of this process have ended. */
public final class SecretFile {
  private SecretFile() {}

  public static Path of(String secret) throws IOException {
    Path file = Files.createTempFile("cmms-hub-secret", "");
    file.toFile().deleteOnExit();
    return Files.writeString(file, secret);
  }
}
