package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.BulkChunk;
import dev.cmmshub.store.BulkReject;
import dev.cmmshub.store.BulkRow;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.Transformer;
import dev.cmmshub.transform.UntranslatableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes of a chunk's rows what the shard is given, by the envelope and the mapping of live events.
 * A row that cannot be translated is a reject alone.
 */
public final class ChunkTranslator {
  /** Whatever a row says, its reject is kept with this much of it. */
  private static final int LONGEST_TEXT = 1 << 16;

  private final RowEvents events;
  private final Transformer transformer;

  public ChunkTranslator(RowEvents events, Transformer transformer) {
    this.events = events;
    this.transformer = transformer;
  }

  /**
   * @param number of the chunk, from 0
   * @param rows in the order of the file, at least one
   */
  public BulkChunk translate(Tenant tenant, String system, UUID job, int number, List<Row> rows) {
    List<BulkRow> taken = new ArrayList<>(rows.size());
    List<BulkReject> rejects = new ArrayList<>(0);
    for (Row row : rows) {
      if (row.fault() != null) {
        Row.Fault fault = row.fault();
        rejects.add(
            new BulkReject(
                row.number(),
                row.line(),
                fault.column(),
                "malformed",
                fault.reason(),
                fault.text()));
        continue;
      }
      try {
        Event arrived = events.read(tenant, system, row.record());
        Event translated = transformer.translate(arrived);
        taken.add(new BulkRow(row.number(), row.line(), arrived, translated, text(row)));
      } catch (RowRefusedException e) {
        rejects.add(reject(row, e.code(), e.getMessage()));
      } catch (UntranslatableException e) {
        Failure failure = e.failure();
        rejects.add(reject(row, failure.errorClass(), failure.reason()));
      }
    }
    return new BulkChunk(tenant.id(), job, number, rows.get(0).number(), taken, rejects);
  }

  private static BulkReject reject(Row row, String code, String reason) {
    return new BulkReject(row.number(), row.line(), 0, code, reason, text(row));
  }

  private static String text(Row row) {
    String text = new String(Json.write(row.record()), StandardCharsets.UTF_8);
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
