package dev.cmmshub.batch;

import dev.cmmshub.batch.ChunkBatch.Ready;
import dev.cmmshub.batch.ChunkBatch.Written;
import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.store.BulkOutcome;
import dev.cmmshub.store.BulkStore;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The step that writes chunks, each in a transaction of its own. Shards wait for each other only
 * for their turns ({@link BulkPace}).
 */
public final class ChunkWriter {
  private final Shards shards;
  private final BulkStore store;
  private final BulkPace pace;
  private final BulkObserver observer;
  private final ShardLanes lanes;

  public ChunkWriter(
      Shards shards, BulkStore store, BulkPace pace, BulkObserver observer, ShardLanes lanes) {
    this.shards = shards;
    this.store = store;
    this.pace = pace;
    this.observer = observer;
    this.lanes = lanes;
  }

  /** Each part is one chunk. */
  public BatchParts<Written> write(ChunkBatch batch) {
    List<CompletableFuture<Written>> parts = new ArrayList<>(batch.chunks().size());
    for (Ready ready : batch.chunks()) {
      CompletableFuture<Written> written =
          lanes.run(
              shards.of(ready.owner()),
              ready.chunk().rows().size() + ready.chunk().rejects().size(),
              () -> write(ready));
      parts.add(written.thenCombine(batch.others(), (done, others) -> done));
    }
    if (parts.isEmpty()) {
      batch.batch().completeWith(batch.others());
    }
    return new BatchParts<>(batch.batch(), parts);
  }

  private Written write(Ready ready) throws SQLException {
    pace.await(ready.owner());
    BulkOutcome outcome = pace.work(() -> apply(ready));
    return new Written(ready.owner(), ready.system(), ready.chunk(), outcome);
  }

  private BulkOutcome apply(Ready ready) throws SQLException {
    long begin = System.nanoTime();
    BulkOutcome outcome = store.apply(ready.owner(), ready.chunk());
    observer.written(ready.owner().id(), outcome, System.nanoTime() - begin);
    return outcome;
  }
}
