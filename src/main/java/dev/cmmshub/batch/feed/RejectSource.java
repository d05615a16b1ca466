package dev.cmmshub.batch.feed;

import dev.cmmshub.batch.ChunkSource;
import dev.cmmshub.batch.Chunker;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.store.BulkReject;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkReceived;
import dev.cmmshub.store.bulk.BulkRejects;
import dev.cmmshub.tenant.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of another job that were not taken, under the numbers they had. What could not be read
 * cannot be read now either, and is rejected again.
 */
final class RejectSource implements ChunkSource {
  private final BulkRejects rejects;
  private final Tenant tenant;
  private final BulkJob job;
  private BulkReceived received;

  /**
   * @param number of the next chunk
   */
  RejectSource(BulkRejects rejects, Tenant tenant, BulkJob job, int number) {
    this.rejects = rejects;
    this.tenant = tenant;
    this.job = job;
    BulkReceived before = job.received();
    this.received =
        new BulkReceived(before.rows(), before.bytes(), before.line(), number, before.place());
  }

  /** The last row that was given is kept as the place. */
  @Override
  public List<Row> next() throws IOException {
    long last = received.place() == null ? 0 : Long.parseLong(received.place());
    List<BulkReject> found;
    try {
      found = rejects.of(tenant, job.order().parent(), last, Chunker.MOST_ROWS);
    } catch (SQLException e) {
      throw new IOException("the shard does not answer", e);
    }
    List<Row> rows = new ArrayList<>();
    long size = 0;
    for (BulkReject reject : found) {
      size += reject.text().length();
      if (!rows.isEmpty() && size > Chunker.MOST_BYTES) {
        break;
      }
      rows.add(row(reject));
    }
    if (!rows.isEmpty()) {
      received =
          new BulkReceived(
              received.rows() + rows.size(),
              0,
              0,
              received.chunks() + 1,
              Long.toString(rows.get(rows.size() - 1).number()));
    }
    return rows;
  }

  private static Row row(BulkReject reject) {
    if (!reject.code().equals("malformed")) {
      try {
        byte[] data = reject.text().getBytes(StandardCharsets.UTF_8);
        return Row.read(reject.row(), reject.line(), Json.read(data), data);
      } catch (MalformedPayloadException e) {
        // It was cut, since it is very long.
      }
    }
    Row.Fault fault = new Row.Fault(reject.place(), reject.reason(), reject.text());
    return Row.unread(reject.row(), reject.line(), fault);
  }

  @Override
  public BulkReceived received() {
    return received;
  }

  @Override
  public void close() {
    // Nothing is held between pages.
  }
}
