package dev.cmmshub.batch;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.store.BulkChunk;
import dev.cmmshub.store.BulkOutcome;
import dev.cmmshub.tenant.Tenant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Chunks that were read together.
 *
 * @param chunks ready to be written
 * @param others completes when those that are no chunks are safe elsewhere
 */
public record ChunkBatch(EventBatch batch, List<Ready> chunks, CompletableFuture<Void> others) {
  /** One that can be written. */
  public record Ready(Tenant owner, String system, BulkChunk chunk) {}

  /** One that is written. */
  public record Written(Tenant owner, String system, BulkChunk chunk, BulkOutcome outcome) {}
}
