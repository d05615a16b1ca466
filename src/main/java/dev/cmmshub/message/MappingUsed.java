package dev.cmmshub.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One state of a mapping file.
 *
 * @param id made of the other three, so that every node has the same one
 * @param connector of the system that it was used for
 * @param file the end of its path: two folders and the name
 * @param sha256 lower-case hex of the file's bytes, and of those it imports behind them
 */
public record MappingUsed(long id, String connector, String file, String sha256) {

  public static MappingUsed of(String connector, String file, String sha256) {
    byte[] hash = digest().digest((connector + '|' + sha256 + '|' + file).getBytes(UTF_8));
    return new MappingUsed(ByteBuffer.wrap(hash).getLong(), connector, file, sha256);
  }

  /** An empty digest of the kind that {@code sha256} has. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
