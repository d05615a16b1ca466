package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.batch.rows.Rows;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file into chunks; what it gives depends on the file alone, so that a chunk has one name.
 */
final class Chunker {
  static final int MOST_ROWS = 1_000;
  static final int MOST_BYTES = 1 << 20;

  /** Some rows in the order of the file. */
  record Chunk(int number, List<Row> rows) {
    long firstRow() {
      return rows.get(0).number();
    }
  }

  private final Rows file;
  private Row kept;
  private int number;

  Chunker(Rows file) {
    this.file = file;
  }

  /**
   * The next chunk: as many rows as fit, at least one.
   *
   * @return null behind the last
   */
  Chunk next() throws IOException {
    List<Row> rows = new ArrayList<>();
    long bytes = 0;
    Row row = kept == null ? file.next() : kept;
    kept = null;
    while (row != null) {
      bytes += size(row);
      if (!rows.isEmpty() && (bytes > MOST_BYTES || rows.size() == MOST_ROWS)) {
        kept = row;
        break;
      }
      rows.add(row);
      row = file.next();
    }
    return rows.isEmpty() ? null : new Chunk(number++, rows);
  }

  private static int size(Row row) {
    return row.fault() == null
        ? Json.write(row.record()).length
        : row.fault().text().length() + row.fault().reason().length();
  }
}
