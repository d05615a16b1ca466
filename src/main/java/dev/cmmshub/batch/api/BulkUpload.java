package dev.cmmshub.batch.api;

import dev.cmmshub.batch.Chunker;
import dev.cmmshub.batch.Feeder;
import dev.cmmshub.batch.LaneException;
import dev.cmmshub.batch.rows.BrokenFileException;
import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.batch.rows.Start;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJob.State;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.store.bulk.BulkReceived;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;

/**
 * Takes the rows of a file as they come. An upload that breaks off is gone on with by the same
 * {@code Idempotency-Key}: what Kafka has is skipped, or left out by the sender.
 */
public final class BulkUpload {
  private final BulkJobs jobs;
  private final Feeder feeder;
  private final Clock clock;
  private final long largest;
  private final UploadTurns turns;

  /**
   * @param largest bytes of a file, unzipped
   * @param turns of tenants
   */
  public BulkUpload(BulkJobs jobs, Feeder feeder, Clock clock, long largest, UploadTurns turns) {
    this.turns = turns;
    this.jobs = jobs;
    this.feeder = feeder;
    this.clock = clock;
    this.largest = largest;
  }

  /**
   * Answers 202 with the job once Kafka has all rows.
   *
   * @throws ProblemException 409 when the job has ended otherwise, 422 from the place on where the
   *     file cannot be read, 503 when nothing can be taken now
   */
  public void receive(Exchange exchange) throws SQLException, IOException {
    JobCall call = new JobCall(exchange);
    turns.enter(call.tenant().id());
    try {
      receive(call);
    } finally {
      turns.leave(call.tenant().id());
    }
  }

  private void receive(JobCall call) throws SQLException, IOException {
    String system = call.variable("system");
    call.tenant().enabledSystem(system);
    Format format = format(call);
    long offset = number(call, "offset", 0);
    UUID id = call.jobOf(system);
    BulkOrder order = order(call, system, format);
    if (offset == 0) {
      jobs.create(call.tenant(), id, order);
    }
    BulkJob job =
        jobs.find(call.tenant(), id)
            .orElseThrow(() -> wrongOffset("0, since this Idempotency-Key names no job yet"));
    requireSame(job, order);
    if (!job.isComplete()) {
      receive(call, job, format, offset);
    }
    BulkJob now = jobs.find(call.tenant(), id).orElseThrow();
    call.answer(202, Json.write(JobJson.of(now, clock.instant())));
    call.locate(id);
  }

  private void receive(JobCall call, BulkJob job, Format format, long offset)
      throws SQLException, IOException {
    if (job.state().isEnd()) {
      throw LaneException.ended(job.state());
    }
    int longest = (int) Math.min(Integer.MAX_VALUE >> 1, call.tenant().limits().maxBody());
    InputStream body = call.exchange().getMessage().getBody(InputStream.class);
    Start start = start(job, offset);
    try (Chunker chunks =
        new Chunker(format.read(body, longest, start, offset, largest), job.received())) {
      feeder.feed(call.tenant(), job, chunks);
    } catch (BrokenFileException e) {
      String place = e.line() == 0 ? "" : "line " + e.line() + ", column " + e.column() + ": ";
      jobs.move(
          call.tenant(),
          job.id(),
          Set.of(State.RECEIVING, State.PAUSED),
          State.FAILED,
          place + e.getMessage());
      throw new ProblemException(
          422,
          "broken-file",
          place
              + e.getMessage()
              + "; the rows before are loaded by job "
              + job.id()
              + ". Mend the file and load it again under another Idempotency-Key");
    }
  }

  private static Start start(BulkJob job, long offset) {
    if (offset == 0) {
      return Start.BEGIN;
    }
    BulkReceived received = job.received();
    if (received.bytes() != offset) {
      throw wrongOffset(
          received.bytes()
              + ", where the next row of the job begins"
              + (received.bytes() == 0 ? ": send the file from its begin" : ""));
    }
    return new Start(received.rows(), received.line(), received.place());
  }

  private static ProblemException wrongOffset(String expected) {
    return new ProblemException(409, "offset", "offset: expected " + expected);
  }

  private BulkOrder order(JobCall call, String system, Format format) {
    String entity = call.variable("entity");
    if (entity != null && !CanonicalSchemas.ENTITIES.contains(entity)) {
      throw new ProblemException(
          400,
          "entity",
          "entity: expected one of " + CanonicalSchemas.ENTITIES.stream().sorted().toList());
    }
    long total = number(call, "contentLength", -1);
    return new BulkOrder(
        BulkOrder.Kind.UPLOAD,
        system,
        entity,
        format.name().toLowerCase(Locale.ROOT),
        name(call),
        call.sender(),
        null,
        null,
        null,
        total < 0 ? null : total);
  }

  private static String name(JobCall call) {
    String name = call.variable("name");
    return name == null ? "" : name.strip();
  }

  private static void requireSame(BulkJob job, BulkOrder order) {
    if (job.order().kind() != BulkOrder.Kind.UPLOAD
        || !job.order().format().equals(order.format())) {
      throw new ProblemException(
          409,
          "idempotency-key",
          "Idempotency-Key: it names another job ("
              + job.order().format()
              + "): use another key for this file");
    }
  }

  private static Format format(JobCall call) {
    String name = call.variable("name");
    Optional<Format> format =
        Format.ofType(call.variable("contentType"))
            .or(() -> name == null ? Optional.empty() : Format.ofName(name));
    return format.orElseThrow(
        () ->
            new ProblemException(
                415,
                "unsupported-media-type",
                "Content-Type: expected application/x-ndjson, text/csv or application/xml, or a"
                    + " name= that ends with .ndjson, .csv or .xml"));
  }

  private static long number(JobCall call, String name, long usual) {
    String text = call.variable(name);
    try {
      long number = text == null ? usual : Long.parseLong(text);
      if (text == null || number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below like a negative one.
    }
    throw new ProblemException(400, name, name + ": expected a number of bytes");
  }
}
