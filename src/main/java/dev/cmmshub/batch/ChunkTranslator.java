package dev.cmmshub.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Origin;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.BulkChunk;
import dev.cmmshub.store.BulkReject;
import dev.cmmshub.store.BulkRow;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.Transformer;
import dev.cmmshub.transform.UntranslatableException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes of a chunk's rows what the shard is given, by the envelope and the mapping of live events.
 * A row that cannot be translated is a reject alone.
 */
public final class ChunkTranslator {
  private final RowEvents events;
  private final Transformer transformer;

  public ChunkTranslator(RowEvents events, Transformer transformer) {
    this.events = events;
    this.transformer = transformer;
  }

  public BulkChunk translate(Tenant tenant, String system, Chunk chunk) {
    Origin origin = Origin.ofBulk(chunk.job());
    List<BulkRow> taken = new ArrayList<>(chunk.rows().size());
    List<BulkReject> rejects = new ArrayList<>(0);
    for (Row row : chunk.rows()) {
      if (row.fault() != null) {
        rejects.add(unread(row, row.fault()));
        continue;
      }
      try {
        Event arrived = events.read(tenant, system, row.record(), row.data()).from(origin);
        requireEntity(chunk.entity(), arrived);
        Event translated = transformer.translate(arrived, row.record());
        taken.add(new BulkRow(row.number(), row.line(), arrived, translated));
      } catch (ProblemException e) {
        rejects.add(reject(row, e.code(), e.getMessage()));
      } catch (UntranslatableException e) {
        Failure failure = e.failure();
        rejects.add(reject(row, failure.errorClass(), failure.reason()));
      } catch (RuntimeException e) {
        // A fault of the hub itself must not hold up the rows beside this one.
        rejects.add(reject(row, "internal", e.toString()));
      }
    }
    return new BulkChunk(
        tenant.id(), chunk.job(), chunk.number(), chunk.firstRow(), taken, rejects);
  }

  private static void requireEntity(String expected, Event event) {
    if (expected != null && !expected.equals(event.key().entity())) {
      throw new ProblemException(
          422, "other-entity", "expected " + expected + ", found " + event.key().entity());
    }
  }

  private static BulkReject unread(Row row, Row.Fault fault) {
    return new BulkReject(
        row.number(), row.line(), fault.column(), "malformed", fault.reason(), fault.text());
  }

  private static BulkReject reject(Row row, String code, String reason) {
    return new BulkReject(row.number(), row.line(), 0, code, reason, new String(row.data(), UTF_8));
  }
}
