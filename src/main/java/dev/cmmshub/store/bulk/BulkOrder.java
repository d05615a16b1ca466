package dev.cmmshub.store.bulk;

import java.time.Instant;
import java.util.UUID;

/**
 * What a job is asked to do.
 *
 * @param system that the rows are of
 * @param entity what each row has to be about, or null
 * @param format such as {@code csv}
 * @param name what its sender calls it, such as the file's name; may be empty
 * @param createdBy such as {@code key:acme-2026}
 * @param parent the job whose rejected rows these are, or null
 * @param since of a backfill: changed since then, or null
 * @param until of a backfill: and before, or null
 * @param totalBytes null when the sender did not say
 */
public record BulkOrder(
    Kind kind,
    String system,
    String entity,
    String format,
    String name,
    String createdBy,
    UUID parent,
    Instant since,
    Instant until,
    Long totalBytes) {

  /** Where the rows come from. */
  public enum Kind {
    /** A file that is sent. */
    UPLOAD,
    /** The system itself is asked. */
    BACKFILL,
    /** Rejected rows of another job. */
    RETRY
  }
}
