package dev.cmmshub.tenant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.BiConsumer;

/**
 * Keys with {@code issue: onFirstStart}: made when first needed and announced once; only the hash
 * is kept, in {@code <data>/keys/<tenant>.<key>.sha256}.
 */
public final class IssuedKeys {
  private final Path folder;
  private final SecureRandom random;
  private final BiConsumer<String, Secret> announce;

  /**
   * @param announce gets {@code tenant/key} and the key itself, once in its life
   */
  public IssuedKeys(Path folder, SecureRandom random, BiConsumer<String, Secret> announce) {
    this.folder = folder;
    this.random = random;
    this.announce = announce;
  }

  String hashOf(String tenant, String keyId) {
    Path file = folder.resolve(tenant + "." + keyId + ".sha256");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).trim();
      }
      Files.createDirectories(folder);
      String key = KeyHash.newKey(random);
      String hash = KeyHash.of(key);
      Files.writeString(file, hash + "\n");
      announce.accept(tenant + "/" + keyId, new Secret(key));
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException("key file " + file + " cannot be written or read", e);
    }
  }
}
