package dev.cmmshub.store;

import java.util.List;
import java.util.UUID;

/**
 * Some rows of a job that are written together.
 *
 * @param number counted from 0; with the job it names the chunk
 * @param firstRow counted from 1
 * @param rows of this tenant, and of one system
 * @param rejects those that cannot be written
 */
public record BulkChunk(
    String tenant,
    UUID job,
    int number,
    long firstRow,
    List<BulkRow> rows,
    List<BulkReject> rejects) {}
