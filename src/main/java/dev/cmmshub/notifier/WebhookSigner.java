package dev.cmmshub.notifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.tenant.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as the Standard Webhooks specification says: HMAC-SHA256 over id, time and the body's own
 * bytes, joined by dots. Safe to use from any thread.
 */
public final class WebhookSigner {
  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";

  // Looked up once with its key; each signature works on a copy.
  private final Mac keyed;

  /**
   * @param secret base64, with or without {@code whsec_} before it
   * @throws IllegalArgumentException when it is not
   */
  public WebhookSigner(Secret secret) {
    String text = secret.value();
    byte[] key =
        Base64.getDecoder()
            .decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * The value of {@code webhook-signature}.
   *
   * @param timestamp seconds since 1970
   */
  public String sign(String id, long timestamp, byte[] body) {
    Mac mac = copy();
    mac.update((id + '.' + timestamp + '.').getBytes(UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
  }

  private Mac copy() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be copied", e);
    }
  }
}
