package dev.cmmshub.batch.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJob.State;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.tenant.TenantSystem;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Begins jobs whose rows the hub fetches, and stops and goes on with all. */
public final class JobActions {
  private static final Set<String> MEMBERS =
      Set.of("kind", "system", "entity", "since", "until", "name");

  private final BulkJobs jobs;
  private final BulkManifest manifest;
  private final Function<TenantSystem, Set<String>> resources;
  private final Clock clock;

  /**
   * @param resources what a system can be asked for
   */
  public JobActions(
      BulkJobs jobs,
      BulkManifest manifest,
      Function<TenantSystem, Set<String>> resources,
      Clock clock) {
    this.jobs = jobs;
    this.manifest = manifest;
    this.resources = resources;
    this.clock = clock;
  }

  /** Begins a backfill; answers 200 instead of 201 when the same key began it before. */
  public void create(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    JsonNode asked = asked(exchange.getMessage().getBody(byte[].class));
    String kind = text(asked, "kind", false);
    if (kind != null && !"backfill".equals(kind)) {
      throw new ProblemException(
          422, "kind", "kind: expected backfill; a file is posted to /v1/bulk/{system}");
    }
    TenantSystem system = call.tenant().enabledSystem(text(asked, "system", true));
    String entity = text(asked, "entity", true);
    Set<String> known = resources.apply(system);
    if (!known.contains(entity)) {
      throw new ProblemException(
          422,
          "entity",
          "entity: system '"
              + system.name()
              + "' can be asked for "
              + (known.isEmpty() ? "nothing" : new TreeSet<>(known)));
    }
    String name = text(asked, "name", false);
    BulkOrder order =
        new BulkOrder(
            BulkOrder.Kind.BACKFILL,
            system.name(),
            entity,
            "page",
            name == null ? "" : name,
            call.sender(),
            null,
            JobCall.moment("since", text(asked, "since", false)),
            JobCall.moment("until", text(asked, "until", false)),
            null);
    begin(call, call.jobOf(system.name()), order);
  }

  private static JsonNode asked(byte[] body) {
    try {
      JsonNode asked = Json.read(body == null ? new byte[0] : body);
      asked
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!MEMBERS.contains(name)) {
                  throw new ProblemException(
                      422, "member", name + ": expected one of " + new TreeSet<>(MEMBERS));
                }
              });
      return asked;
    } catch (MalformedPayloadException e) {
      throw new ProblemException(400, "malformed", e.getMessage());
    }
  }

  private static String text(JsonNode asked, String name, boolean required) {
    JsonNode found = asked.path(name);
    if (found.isTextual() && !found.asText().isBlank() || found.isMissingNode() && !required) {
      return found.isMissingNode() ? null : found.asText();
    }
    throw new ProblemException(422, "member", name + ": expected a text");
  }

  private void begin(JobCall call, UUID id, BulkOrder order) throws SQLException {
    boolean isNew = jobs.create(call.tenant(), id, order);
    BulkJob job = jobs.find(call.tenant(), id).orElseThrow();
    if (job.order().kind() != order.kind()) {
      throw new ProblemException(
          409, "idempotency-key", "Idempotency-Key: it names another job: use another key");
    }
    call.answer(isNew ? 201 : 200, Json.write(JobJson.of(job, clock.instant())));
    call.locate(id);
  }

  /**
   * Pauses, resumes, cancels, or begins another job with the rows that were not taken.
   *
   * @throws ProblemException 409 when the job's state does not allow it
   */
  public void act(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    BulkJob job = call.job(jobs);
    switch (call.variable("action")) {
      case "pause" ->
          require(job, State.PAUSED, move(call, job, State.PAUSED, State.RECEIVING, State.RUNNING));
      case "resume" -> resume(call, job);
      case "cancel" ->
          require(
              job,
              State.CANCELLED,
              move(call, job, State.CANCELLED, State.RECEIVING, State.RUNNING, State.PAUSED));
      case "retry" -> {
        retry(call, job);
        return;
      }
      default ->
          throw new ProblemException(
              404, "unknown-action", "expected pause, resume, cancel or retry");
    }
    BulkJob now = jobs.find(call.tenant(), job.id()).orElseThrow();
    call.answer(200, Json.write(JobJson.of(now, clock.instant())));
  }

  private boolean move(JobCall call, BulkJob job, State to, State... from) throws SQLException {
    return jobs.move(call.tenant(), job.id(), Set.of(from), to, null);
  }

  /** What is so already is not refused. */
  private static void require(BulkJob job, State wanted, boolean moved) {
    if (!moved && job.state() != wanted) {
      throw new ProblemException(
          409,
          "job-state",
          "the job is " + job.state().name().toLowerCase(Locale.ROOT) + " and stays so");
    }
  }

  private void resume(JobCall call, BulkJob job) throws SQLException {
    if (!jobs.resume(call.tenant(), job.id()) && job.state().isEnd()) {
      require(job, State.RECEIVING, false);
    }
    // Its last chunk may have been written meanwhile.
    manifest.finish(call.tenant(), job.id());
  }

  private void retry(JobCall call, BulkJob job) throws SQLException {
    if (!job.state().isEnd() || job.chunksDone() < job.chunks() && job.state() != State.CANCELLED) {
      throw new ProblemException(
          409, "job-goes-on", "the job has not ended: retry its rows when it is done", 5);
    }
    if (job.rejected() == 0) {
      throw new ProblemException(409, "nothing-rejected", "the job has no rejected rows");
    }
    BulkOrder order = job.order();
    begin(
        call,
        call.variable("idempotencyKey") == null ? EventIds.random() : call.jobOf(order.system()),
        new BulkOrder(
            BulkOrder.Kind.RETRY,
            order.system(),
            order.entity(),
            order.format(),
            order.name(),
            call.sender(),
            job.id(),
            null,
            null,
            null));
  }
}
