package dev.cmmshub.connector;

import dev.cmmshub.tenant.HookSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the systems of a connector sign what they post: with an HMAC over the body's own bytes. The
 * schemes with a name are values of this record and nothing more.
 *
 * @param name what people call it
 * @param header the header that holds the signature
 * @param separator what stands between the parts of that header; empty: it is one part
 * @param prefix what stands before a signature; a part without it is none
 * @param secret how the secret is written
 * @param signed what is signed, in its order: text, {@value #TIMESTAMP}, {@value #ID} and {@value
 *     #BODY}
 * @param timestamp where the time of sending stands; only with one are old requests refused
 * @param id the header whose value is {@value #ID}
 * @param echo whether a request with {@code ?validationToken=} is answered with that token
 */
public record HookScheme(
    String name,
    String header,
    String separator,
    String prefix,
    Algorithm algorithm,
    Encoding encoding,
    HookSecret secret,
    List<String> signed,
    Optional<Timestamp> timestamp,
    Optional<String> id,
    boolean echo) {
  public static final String TIMESTAMP = "{timestamp}";
  public static final String ID = "{id}";
  public static final String BODY = "{body}";

  /** Hash function of the HMAC. */
  public enum Algorithm {
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String javaName;
    private final int length;

    Algorithm(String javaName, int length) {
      this.javaName = javaName;
      this.length = length;
    }

    /** What Java calls it. */
    public String javaName() {
      return javaName;
    }

    /** Bytes of a signature. */
    public int length() {
      return length;
    }
  }

  /** How the bytes of a signature are written. */
  public enum Encoding {
    HEX,
    BASE64
  }

  /**
   * Where the time of sending stands: in a header of its own or beside the signature.
   *
   * @param prefix what stands before it in the header of the signature
   * @param millis whether it counts milliseconds since 1970, not seconds
   */
  public record Timestamp(Optional<String> header, Optional<String> prefix, boolean millis) {}

  /** By the name a manifest uses. */
  static final Map<String, HookScheme> NAMED =
      Map.of(
          "standard-webhooks",
          new HookScheme(
              "standard-webhooks",
              "webhook-signature",
              " ",
              "v1,",
              Algorithm.SHA256,
              Encoding.BASE64,
              HookSecret.BASE64,
              List.of(ID, ".", TIMESTAMP, ".", BODY),
              Optional.of(new Timestamp(Optional.of("webhook-timestamp"), Optional.empty(), false)),
              Optional.of("webhook-id"),
              false),
          "frappe",
          new HookScheme(
              "frappe",
              "X-Frappe-Webhook-Signature",
              "",
              "",
              Algorithm.SHA256,
              Encoding.BASE64,
              HookSecret.TEXT,
              List.of(BODY),
              Optional.empty(),
              Optional.empty(),
              false));

  public HookScheme {
    signed = List.copyOf(signed);
  }

  /** Every header that is read to check a signature. */
  public Set<String> headers() {
    Set<String> headers = new TreeSet<>(Set.of(header));
    timestamp.flatMap(Timestamp::header).ifPresent(headers::add);
    id.ifPresent(headers::add);
    return headers;
  }

  /** What a request has to have, in words. */
  public String inWords() {
    return "scheme "
        + name
        + ": "
        + String.join(", ", headers())
        + "; "
        + header
        + " has "
        + (prefix.isEmpty() ? "" : "'" + prefix + "' and ")
        + "the "
        + (encoding == Encoding.HEX ? "hex" : "base64")
        + " HMAC-"
        + algorithm
        + " of "
        + String.join("", signed);
  }
}
