package dev.cmmshub.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Base64;

/** How a system writes the secret that it signs with. */
public enum HookSecret {
  /** Its characters are the key, in UTF-8. */
  TEXT,
  /** The key in base64, with or without {@code whsec_} before it, as Standard Webhooks has it. */
  BASE64;

  private static final String PREFIX = "whsec_";
  private static final int KEY_BYTES = 32;

  /**
   * The bytes of the key.
   *
   * @throws IllegalArgumentException saying what was expected, without the secret
   */
  public byte[] key(Secret secret) {
    String text = secret.value();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("expected a secret, found an empty one");
    }
    if (this == TEXT) {
      return text.getBytes(UTF_8);
    }
    try {
      byte[] key =
          Base64.getDecoder()
              .decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
      if (key.length > 0) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // What the decoder says would tell a character of the secret.
      throw new IllegalArgumentException("expected a secret of base64, with or without whsec_");
    }
    throw new IllegalArgumentException("expected a secret of base64, with or without whsec_");
  }

  /** A new one of 256 random bits. */
  public Secret make(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new Secret(
        this == BASE64
            ? PREFIX + Base64.getEncoder().encodeToString(key)
            : Base64.getUrlEncoder().withoutPadding().encodeToString(key));
  }
}
