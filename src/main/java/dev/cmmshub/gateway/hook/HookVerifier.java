package dev.cmmshub.gateway.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.connector.HookScheme;
import dev.cmmshub.tenant.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks the signature of a request over the raw bytes of its body. Never blocks; hashes the body
 * once a secret, and only when everything else of the request could be right. Safe to use from any
 * thread.
 */
public final class HookVerifier {
  /** So far a request's time may be from the hub's, before or after; this far still counts. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Pattern TIME = Pattern.compile("[0-9]{1,15}");
  private static final long MILLIS_A_SECOND = 1000;

  private final Clock clock;

  public HookVerifier(Clock clock) {
    this.clock = clock;
  }

  /**
   * Whether one of the signatures was made with one of the secrets, in time.
   *
   * @param headers gives the value of a header, or null
   */
  public Finding check(
      HookScheme scheme, List<Secret> secrets, UnaryOperator<String> headers, byte[] body) {
    String value = headers.apply(scheme.header());
    if (value == null || value.isBlank()) {
      return Finding.MISSING;
    }
    SignatureHeader header = SignatureHeader.read(scheme, value);
    Optional<String> time =
        scheme
            .timestamp()
            .map(where -> where.header().map(headers).orElse(header.timestamp()))
            .map(String::strip);
    Optional<String> id = scheme.id().map(headers);
    if (scheme.timestamp().isPresent() != time.isPresent()
        || scheme.id().isPresent() != id.isPresent()) {
      return Finding.MISSING;
    }
    if (time.isPresent() && !isInTime(time.get(), scheme.timestamp().orElseThrow().millis())) {
      return Finding.OUTDATED;
    }
    if (header.signatures().isEmpty()) {
      return Finding.WRONG;
    }
    for (Secret secret : secrets) {
      byte[] expected = sign(scheme, secret, time.orElse(""), id.orElse(""), body);
      for (byte[] signature : header.signatures()) {
        if (MessageDigest.isEqual(expected, signature)) {
          return Finding.RIGHT;
        }
      }
    }
    return Finding.WRONG;
  }

  private boolean isInTime(String text, boolean millis) {
    if (!TIME.matcher(text).matches()) {
      return false;
    }
    long sent = Long.parseLong(text) * (millis ? 1 : MILLIS_A_SECOND);
    return Math.abs(clock.millis() - sent) <= TOLERANCE.toMillis();
  }

  private static byte[] sign(
      HookScheme scheme, Secret secret, String time, String id, byte[] body) {
    String algorithm = scheme.algorithm().javaName();
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(scheme.secret().key(secret), algorithm));
      for (String piece : scheme.signed()) {
        mac.update(
            switch (piece) {
              case HookScheme.BODY -> body;
              case HookScheme.TIMESTAMP -> time.getBytes(UTF_8);
              case HookScheme.ID -> id.getBytes(UTF_8);
              default -> piece.getBytes(UTF_8);
            });
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
