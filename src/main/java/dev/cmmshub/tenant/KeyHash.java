package dev.cmmshub.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes keys of 256 random bits and the hash that stands for them in {@code tenants.yaml}. */
public final class KeyHash {
  private static final int KEY_BYTES = 32;

  private KeyHash() {}

  /** A new key: {@code hub_} and 43 characters of base64url. */
  public static String newKey(SecureRandom random) {
    return "hub_" + newToken(random);
  }

  /** What stands in the address of a hook: 256 random bits as 43 characters of base64url. */
  public static String newToken(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Lower-case hex of the SHA-256. A plain hash is enough for a key of full entropy. */
  public static String of(String key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
