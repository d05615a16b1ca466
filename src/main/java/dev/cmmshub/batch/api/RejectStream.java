package dev.cmmshub.batch.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.store.BulkReject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;

/** Rejected rows as text, a page of them in memory. */
final class RejectStream extends InputStream {
  static final int PAGE = 1_000;

  /** Gives the rows behind one. */
  @FunctionalInterface
  interface Pages {
    List<BulkReject> behind(long row) throws SQLException;
  }

  private final RejectLines lines;
  private final Pages pages;
  private ByteArrayInputStream page;
  private long last;
  private boolean isLast;

  RejectStream(RejectLines lines, Pages pages) {
    this.lines = lines;
    this.pages = pages;
    this.page = new ByteArrayInputStream(lines.head().getBytes(UTF_8));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    while (page.available() == 0) {
      if (isLast) {
        return -1;
      }
      page = new ByteArrayInputStream(next().getBytes(UTF_8));
    }
    return page.read(bytes, from, most);
  }

  private String next() throws IOException {
    try {
      List<BulkReject> found = pages.behind(last);
      isLast = found.size() < PAGE;
      StringBuilder text = new StringBuilder();
      for (BulkReject reject : found) {
        text.append(lines.line(reject)).append('\n');
        last = reject.row();
      }
      return text.toString();
    } catch (SQLException e) {
      throw new IOException("the shard does not answer", e);
    }
  }
}
