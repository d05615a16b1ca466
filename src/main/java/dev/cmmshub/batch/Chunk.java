package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.Row;
import java.util.List;
import java.util.UUID;

/**
 * Some rows of a job that are sent, and written, together.
 *
 * @param number counted from 0; with the job it names the chunk
 * @param entity what each row has to be about, or null
 * @param rows in the order of the file, at least one
 */
public record Chunk(UUID job, int number, String entity, List<Row> rows) {
  public long firstRow() {
    return rows.get(0).number();
  }
}
