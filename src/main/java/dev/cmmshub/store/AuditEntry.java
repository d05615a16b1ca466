package dev.cmmshub.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * One row of a tenant's audit.
 *
 * @param seq counts from 1 without gaps
 * @param at the database's time, in microseconds
 * @param operator who said to be the one that acted
 * @param target what was acted on, such as a dead letter's id
 * @param detail a JSON object, as the text that was hashed
 * @param previous hash of the row before; zeros for the first
 * @param hash SHA-256 over {@code previous} and the other fields
 */
public record AuditEntry(
    String tenant,
    long seq,
    Instant at,
    String operator,
    String action,
    String target,
    String detail,
    byte[] previous,
    byte[] hash) {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What {@link #hash} must be; computed here as {@code audit_hash} does in the shard. */
  public byte[] expectedHash() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(previous);
    for (String field :
        List.of(tenant, Long.toString(seq), MICROS.format(at), operator, action, target, detail)) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      content.writeBytes((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      content.writeBytes(bytes);
    }
    return sha256(content.toByteArray());
  }

  /** SHA-256 of some bytes. */
  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
