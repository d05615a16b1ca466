package dev.cmmshub.batch.feed;

import dev.cmmshub.batch.ChunkSource;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkLeases;
import dev.cmmshub.store.bulk.BulkReceived;
import dev.cmmshub.tenant.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A job's turn: it keeps the lease while it lasts, and ends when others should have theirs. */
final class Turn implements ChunkSource {
  private static final int MOST_CHUNKS = 50;

  /** The job waits for its next turn, here or elsewhere. */
  static final class OverException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final ChunkSource source;
  private final BulkLeases leases;
  private final Tenant owner;
  private final BulkJob job;
  private int chunks;

  Turn(ChunkSource source, BulkLeases leases, Tenant owner, BulkJob job) {
    this.source = source;
    this.leases = leases;
    this.owner = owner;
    this.job = job;
  }

  @Override
  public List<Row> next() throws IOException {
    try {
      if (chunks++ == MOST_CHUNKS || !leases.renew(owner, job.id())) {
        throw new OverException();
      }
    } catch (SQLException e) {
      throw new IOException("the shard does not answer", e);
    }
    return source.next();
  }

  @Override
  public BulkReceived received() {
    return source.received();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
