package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.store.bulk.BulkReceived;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Gives the rows of a job, chunk by chunk. */
public interface ChunkSource extends Closeable {
  /**
   * The rows of the next chunk.
   *
   * @return none behind the last
   * @throws IOException when the rows cannot be had now
   */
  List<Row> next() throws IOException;

  /** What was given up to here, and what is needed to go on behind it. */
  BulkReceived received();
}
