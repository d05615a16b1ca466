package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.BrokenFileException;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.batch.rows.Rows;
import dev.cmmshub.store.bulk.BulkReceived;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file into chunks; what it gives depends on the file alone, so that a chunk has one number.
 */
public final class Chunker implements ChunkSource {
  public static final int MOST_ROWS = 1_000;
  public static final int MOST_BYTES = 1 << 20;

  private final Rows file;
  private BulkReceived received;
  private Row kept;
  private BrokenFileException broken;

  /**
   * @param received what was sent before; rows up to there are skipped where the file has them
   */
  public Chunker(Rows file, BulkReceived received) {
    this.file = file;
    this.received = received;
  }

  /**
   * As many rows as fit, at least one.
   *
   * @throws BrokenFileException behind the last row that could be read
   */
  @Override
  public List<Row> next() throws IOException {
    List<Row> rows = new ArrayList<>();
    long bytes = 0;
    Row row = kept == null ? read() : kept;
    kept = null;
    while (row != null) {
      bytes += size(row);
      if (!rows.isEmpty() && (bytes > MOST_BYTES || rows.size() == MOST_ROWS)) {
        kept = row;
        break;
      }
      rows.add(row);
      row = read();
    }
    if (!rows.isEmpty()) {
      note(rows.get(rows.size() - 1));
    } else if (broken != null) {
      throw broken;
    }
    return rows;
  }

  /** Null at the end, and where nothing more can be read. */
  private Row read() throws IOException {
    if (broken != null) {
      return null;
    }
    try {
      Row row = file.next();
      while (row != null && row.number() <= received.rows()) {
        row = file.next();
      }
      return row;
    } catch (BrokenFileException e) {
      broken = e;
      return null;
    }
  }

  private void note(Row last) {
    long line = kept == null ? 0 : kept.line();
    received =
        new BulkReceived(
            last.number(), file.offset(line), line, received.chunks() + 1, file.header());
  }

  @Override
  public BulkReceived received() {
    return received;
  }

  private static long size(Row row) {
    return row.fault() == null
        ? row.data().length
        : row.fault().text().length() + row.fault().reason().length();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
