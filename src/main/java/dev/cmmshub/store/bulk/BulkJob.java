package dev.cmmshub.store.bulk;

import dev.cmmshub.store.Outcome;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A bulk load as the shard knows it.
 *
 * @param order what was asked for
 * @param endedAt null while it goes on
 * @param reason why it failed, or null
 * @param received what Kafka has of it
 * @param isComplete whether all of it has come
 * @param chunks how many were sent or are about to be
 * @param chunksDone how many of them are written
 * @param counts of the rows of those
 * @param rejected rows of those that were not taken
 */
public record BulkJob(
    String tenant,
    UUID id,
    BulkOrder order,
    Instant createdAt,
    State state,
    Instant endedAt,
    String reason,
    BulkReceived received,
    boolean isComplete,
    int chunks,
    int chunksDone,
    Map<Outcome, Long> counts,
    long rejected) {

  /** Where a job is. */
  public enum State {
    /** Its rows are coming; what has come is worked on. */
    RECEIVING,
    /** All of them have come. */
    RUNNING,
    /** Somebody stopped it for a while: nothing more is received. */
    PAUSED,
    /** Somebody ended it; what was written stays. */
    CANCELLED,
    /** It cannot be read from some place on; what was before is written. */
    FAILED,
    /** Each row was written or rejected. */
    DONE;

    public boolean isEnd() {
      return this == CANCELLED || this == FAILED || this == DONE;
    }
  }

  /** Rows that were written, found to be known or rejected. */
  public long rowsDone() {
    return counts.values().stream().mapToLong(Long::longValue).sum() + rejected;
  }
}
