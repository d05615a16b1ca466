package dev.cmmshub.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows for {@code COPY ... FROM STDIN (FORMAT binary)}, which the shard need not split and unescape
 * (PostgreSQL's manual, COPY, file formats: each row is the number of its fields and each field
 * behind its length, −1 for none).
 */
final class CopyRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int FLAGS_AND_EXTENSION = 8;
  private static final int NONE = -1;
  private static final int UUID_LENGTH = 16;
  private static final byte JSONB_VERSION = 1;

  private final int fields;
  private ByteBuffer bytes;

  /**
   * @param fields of each row
   * @param expected how many bytes there may be
   */
  CopyRows(int fields, int expected) {
    this.fields = fields;
    this.bytes = ByteBuffer.allocate(expected + SIGNATURE.length + FLAGS_AND_EXTENSION);
    bytes.put(SIGNATURE).putLong(0);
  }

  /** Begins a row; its fields follow in the order of the columns. */
  CopyRows row() {
    room(Short.BYTES).putShort((short) fields);
    return this;
  }

  CopyRows uuid(String id) {
    UUID value = UUID.fromString(id);
    room(Integer.BYTES + UUID_LENGTH)
        .putInt(UUID_LENGTH)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits());
    return this;
  }

  /**
   * @param text may be null
   */
  CopyRows text(String text) {
    if (text == null) {
      return none();
    }
    byte[] value = text.getBytes(UTF_8);
    room(Integer.BYTES + value.length).putInt(value.length).put(value);
    return this;
  }

  /**
   * @param number may be null
   */
  CopyRows bigint(Long number) {
    if (number == null) {
      return none();
    }
    room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(number);
    return this;
  }

  CopyRows jsonb(byte[] json) {
    room(Integer.BYTES + 1 + json.length).putInt(1 + json.length).put(JSONB_VERSION).put(json);
    return this;
  }

  private CopyRows none() {
    room(Integer.BYTES).putInt(NONE);
    return this;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      bytes.flip();
      bytes = ByteBuffer.allocate(2 * bytes.limit() + more).put(bytes);
    }
    return bytes;
  }

  /**
   * Copies them.
   *
   * @param table with its columns
   */
  void into(Connection connection, String table) throws SQLException {
    room(Short.BYTES).putShort((short) NONE);
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)");
    try {
      copy.writeToCopy(bytes.array(), 0, bytes.position());
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
