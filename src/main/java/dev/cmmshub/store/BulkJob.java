package dev.cmmshub.store;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A bulk load as the shard knows it.
 *
 * @param name what its sender calls it, such as the file's name; may be empty
 * @param createdBy such as {@code key:acme-2026}
 * @param endedAt null while it goes on
 * @param reason why it failed, or null
 * @param receivedBytes of the file, as it was sent
 * @param totalBytes 0 when the sender did not say
 * @param receivedRows of chunks that Kafka has
 * @param chunks how many there are, 0 until all of it has come
 * @param chunksDone how many are written
 * @param counts of the rows of those
 * @param rejected rows of those that were not taken
 */
public record BulkJob(
    String tenant,
    UUID id,
    String system,
    String format,
    String name,
    String createdBy,
    Instant createdAt,
    State state,
    Instant endedAt,
    String reason,
    long receivedBytes,
    long totalBytes,
    long receivedRows,
    int chunks,
    int chunksDone,
    Map<Outcome, Long> counts,
    long rejected) {

  /** Where a job is. */
  public enum State {
    /** Its file is coming; what has come is worked on. */
    RECEIVING,
    /** All of it has come. */
    RUNNING,
    /** Somebody stopped it for a while: nothing is received or written. */
    PAUSED,
    /** Somebody ended it; what was written stays. */
    CANCELLED,
    /** Its file cannot be read from some place on; what was before is written. */
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
