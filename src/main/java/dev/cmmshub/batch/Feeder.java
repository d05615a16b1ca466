package dev.cmmshub.batch;

import dev.cmmshub.batch.rows.BrokenFileException;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Origin;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkManifest.Standing;
import dev.cmmshub.store.bulk.BulkReceived;
import dev.cmmshub.tenant.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Puts the rows of a job into {@code hub.bulk}, chunk by chunk, and goes on reading only while few
 * chunks of the job wait: memory stays flat, and a small job stands behind few chunks of a huge
 * one.
 *
 * <p>Guarantee: what the manifest calls received is in Kafka. Whoever goes on behind that loses
 * nothing, and a chunk that is sent twice is written once.
 */
public final class Feeder {
  /** Into how many parts a job's chunks are spread, which are worked on beside each other. */
  private static final int SLICES = 4;

  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  private final BulkManifest manifest;
  private final EventPublisher publisher;
  private final Topics topics;
  private final Clock clock;
  private final Duration patience;

  /**
   * @param patience with a lane that takes nothing
   */
  public Feeder(
      BulkManifest manifest,
      EventPublisher publisher,
      Topics topics,
      Clock clock,
      Duration patience) {
    this.manifest = manifest;
    this.publisher = publisher;
    this.topics = topics;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Feeds a job to its end. When this throws, what Kafka has is noted and the rest can follow
   * later.
   *
   * @throws LaneException when nothing can be sent for now, or the job has ended
   * @throws BrokenFileException when the rows cannot be read; those before are sent
   * @throws IOException when they cannot be had now
   */
  public void feed(Tenant owner, BulkJob job, ChunkSource source) throws IOException, SQLException {
    BulkReceived safe = source.received();
    BulkReceived next = safe;
    CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
    try {
      for (List<Row> rows = source.next(); !rows.isEmpty(); rows = source.next()) {
        await(sent);
        safe = next;
        plan(owner, job, safe, rows);
        sent = publisher.publish(topics.bulk(), event(owner, job, safe.chunks(), rows));
        next = source.received();
      }
      await(sent);
      manifest.complete(owner, job.id(), next);
    } catch (LaneException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      await(sent);
      manifest.confirm(owner, job.id(), next);
      throw e;
    }
  }

  private void await(CompletableFuture<Void> sent) {
    try {
      sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw LaneException.away("Kafka does not take the rows");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LaneException.away("the hub stops");
    }
  }

  private void plan(Tenant owner, BulkJob job, BulkReceived received, List<Row> rows)
      throws SQLException {
    long until = System.nanoTime() + patience.toNanos();
    long firstRow = rows.get(0).number();
    Standing standing = manifest.plan(owner, job.id(), received, firstRow, rows.size());
    while (!(standing.state() == BulkJob.State.RECEIVING && standing.hasRoom())) {
      if (standing.state().isEnd()) {
        throw LaneException.ended(standing.state());
      }
      if (System.nanoTime() > until) {
        throw standing.state() == BulkJob.State.PAUSED
            ? LaneException.paused()
            : LaneException.full(standing.waiting());
      }
      sleep();
      standing = manifest.plan(owner, job.id(), received, firstRow, rows.size());
    }
    if (standing.isOther()) {
      throw new BrokenFileException(
          0,
          0,
          "rows from number "
              + firstRow
              + " on were sent before as others: the file has changed, or the hub cuts it in other"
              + " places now. Load it under another Idempotency-Key; rows that the hub has count as"
              + " duplicates");
    }
  }

  private static void sleep() {
    LockSupport.parkNanos(LOOK_NANOS);
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw LaneException.away("the hub stops");
    }
  }

  private Event event(Tenant owner, BulkJob job, int number, List<Row> rows) {
    Chunk chunk = new Chunk(job.id(), number, job.order().entity(), rows);
    EventKey key =
        new EventKey(owner.id(), job.order().system(), "bulk", job.id() + "/" + number % SLICES);
    String id = EventIds.ofBulkChunk(job.id(), number).toString();
    return new Event(
        id,
        Event.type(key.entity(), "rows"),
        "bulk/" + job.id(),
        key,
        number,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        "application/json",
        null,
        id,
        null,
        null,
        Origin.ofBulk(job.id()),
        ChunkRecord.write(chunk));
  }
}
