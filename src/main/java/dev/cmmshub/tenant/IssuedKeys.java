package dev.cmmshub.tenant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
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

  /** The hash of a key that was made before. */
  Optional<String> known(String tenant, String keyId) {
    Path file = file(tenant, keyId);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("key file " + file + " cannot be read", e);
    }
  }

  private Path file(String tenant, String keyId) {
    return folder.resolve(tenant + "." + keyId + ".sha256");
  }

  String hashOf(String tenant, String keyId) {
    Optional<String> known = known(tenant, keyId);
    if (known.isPresent()) {
      return known.get();
    }
    Path file = file(tenant, keyId);
    try {
      Files.createDirectories(folder);
      String key = KeyHash.newKey(random);
      String hash = KeyHash.of(key);
      Files.writeString(file, hash + "\n");
      announce.accept(tenant + "/" + keyId, new Secret(key));
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException("key file " + file + " cannot be written", e);
    }
  }
}
