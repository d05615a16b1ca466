package dev.cmmshub.store;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One tenant's audit as far as it was read: whether each row is what was written after the last.
 */
public final class AuditChain {
  private static final int HASH_BYTES = 32;

  private final String tenant;
  private long rows;
  private byte[] head = new byte[HASH_BYTES];
  private Broken broken;

  /** The first row that is not as it was written. */
  public record Broken(long seq, String why) {}

  AuditChain(String tenant) {
    this.tenant = tenant;
  }

  /** Takes the next row; after a broken one nothing can be said of those behind it. */
  void next(AuditEntry entry) {
    if (entry.seq() != rows + 1) {
      broken = new Broken(rows + 1, "it is missing; the next one there is " + entry.seq());
    } else if (!Arrays.equals(entry.previous(), head)) {
      broken = new Broken(entry.seq(), "it does not follow the row before it");
    } else if (!Arrays.equals(entry.hash(), entry.expectedHash())) {
      broken = new Broken(entry.seq(), "its content is not what was hashed");
    } else {
      rows = entry.seq();
      head = entry.hash();
    }
  }

  public String tenant() {
    return tenant;
  }

  /** How many rows hold. */
  public long rows() {
    return rows;
  }

  /**
   * Hash of the last row that holds, hexadecimal. Kept elsewhere, it proves later that no row up to
   * it was taken off the end.
   */
  public String head() {
    return HexFormat.of().formatHex(head);
  }

  public Optional<Broken> broken() {
    return Optional.ofNullable(broken);
  }
}
