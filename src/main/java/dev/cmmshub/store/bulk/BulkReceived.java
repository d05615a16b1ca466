package dev.cmmshub.store.bulk;

/**
 * What Kafka has of a job, and where the next row begins.
 *
 * @param rows so many
 * @param bytes of the file before the next row; 0 when it cannot be gone on with from there
 * @param line of the next row, from 1
 * @param chunks so many; the next one's number
 * @param place what else is needed to go on: names of columns, or what to ask for; or null
 */
public record BulkReceived(long rows, long bytes, long line, int chunks, String place) {
  /** Nothing yet. */
  public static final BulkReceived NOTHING = new BulkReceived(0, 0, 1, 0, null);
}
