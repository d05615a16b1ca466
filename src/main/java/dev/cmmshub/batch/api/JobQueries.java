package dev.cmmshub.batch.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Moments;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkRejects;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.camel.Exchange;

/** Answers how jobs are. */
public final class JobQueries {
  private static final int MOST = 1_000;
  private static final int USUAL = 100;
  private static final int REJECTS_SHOWN = 20;

  private final BulkJobs jobs;
  private final BulkManifest manifest;
  private final BulkRejects rejects;
  private final Clock clock;

  public JobQueries(BulkJobs jobs, BulkManifest manifest, BulkRejects rejects, Clock clock) {
    this.jobs = jobs;
    this.manifest = manifest;
    this.rejects = rejects;
    this.clock = clock;
  }

  /** The newest first: {@code {"jobs": [...], "next": cursor or null}}. */
  public void list(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    int limit = limit(call);
    BulkJobs.Query query = query(call, limit);
    List<BulkJob> found =
        call.variable("key") == null
            ? jobs.list(call.tenant(), query)
            : jobs.find(call.tenant(), call.named()).stream().toList();
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode all = json.putArray("jobs");
    found.forEach(job -> all.add(JobJson.of(job, clock.instant())));
    json.put("next", found.size() < limit ? null : cursor(found.get(limit - 1)));
    call.answer(200, Json.write(json));
  }

  private static BulkJobs.Query query(JobCall call, int limit) {
    BulkJobs.Query first = new BulkJobs.Query(state(call), call.variable("system"), limit);
    String cursor = call.variable("cursor");
    if (cursor == null) {
      return first;
    }
    try {
      String[] parts = cursor.split("_", 2);
      return new BulkJobs.Query(
          first.state(), first.system(), Moments.read(parts[0]), UUID.fromString(parts[1]), limit);
    } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new ProblemException(400, "cursor", "cursor: expected the one of the page before");
    }
  }

  private static String cursor(BulkJob last) {
    return Moments.text(last.createdAt()) + '_' + last.id();
  }

  private static BulkJob.State state(JobCall call) {
    String text = call.variable("state");
    if (text == null) {
      return null;
    }
    return Arrays.stream(BulkJob.State.values())
        .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    400,
                    "state",
                    "state: expected one of receiving, running, paused, cancelled, failed, done"));
  }

  private static int limit(JobCall call) {
    String text = call.variable("limit");
    try {
      int limit = text == null ? USUAL : Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below like a number out of range.
    }
    throw new ProblemException(400, "limit", "limit: expected a number from 1 to " + MOST);
  }

  /** One job. */
  public void show(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    call.answer(200, Json.write(JobJson.of(call.job(jobs), clock.instant())));
  }

  /** Its manifest, page by page: {@code {"chunks": [...], "next": cursor or null}}. */
  public void chunks(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    BulkJob job = call.job(jobs);
    int limit = limit(call);
    List<BulkManifest.Entry> found =
        manifest.chunks(call.tenant(), job.id(), after(call.variable("cursor")), limit);
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode all = json.putArray("chunks");
    for (BulkManifest.Entry one : found) {
      all.addObject()
          .put("number", one.number())
          .put("firstRow", one.firstRow())
          .put("rows", one.rows())
          .put("state", one.isDone() ? "done" : "sent")
          .put("applied", one.applied())
          .put("duplicate", one.duplicate())
          .put("stale", one.stale())
          .put("queued", one.queued())
          .put("rejected", one.rejected());
    }
    boolean more = found.size() == limit;
    json.put("next", more ? String.valueOf(found.get(limit - 1).number()) : null);
    call.answer(200, Json.write(json));
  }

  private static int after(String cursor) {
    try {
      return cursor == null ? -1 : Integer.parseInt(cursor);
    } catch (NumberFormatException e) {
      throw new ProblemException(400, "cursor", "cursor: expected the one of the page before");
    }
  }

  /** The rows that were not taken, one a line, or as a file that can be mended and loaded again. */
  public void rejects(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    BulkJob job = call.job(jobs);
    String form = call.variable("form");
    if (form != null && !"file".equals(form) && !"lines".equals(form)) {
      throw new ProblemException(400, "form", "form: expected lines or file");
    }
    RejectLines lines = RejectLines.of(upload(call.tenant(), job), "file".equals(form));
    call.answer(200, null);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, lines.type());
    exchange
        .getMessage()
        .setBody(
            new RejectStream(
                lines, after -> rejects.of(call.tenant(), job.id(), after, RejectStream.PAGE)));
  }

  /** The job that read the rows which others tried again. */
  private BulkJob upload(Tenant owner, BulkJob job) throws SQLException {
    BulkJob first = job;
    while (first.order().parent() != null) {
      first = jobs.find(owner, first.order().parent()).orElseThrow();
    }
    return first;
  }

  /**
   * What became of a job that has ended, to be kept.
   *
   * @throws ProblemException 409 while it goes on
   */
  public void acknowledgement(Exchange exchange) throws SQLException {
    JobCall call = new JobCall(exchange);
    BulkJob job = call.job(jobs);
    if (!job.state().isEnd()) {
      throw new ProblemException(
          409, "job-goes-on", "the job has not ended: ask again when it is done", 5);
    }
    ObjectNode json = JobJson.of(job, clock.instant());
    RejectLines lines = RejectLines.of(job, false);
    ArrayNode first = json.putArray("firstRejects");
    rejects
        .of(call.tenant(), job.id(), 0, REJECTS_SHOWN)
        .forEach(reject -> first.add(lines.json(reject)));
    call.answer(200, Json.write(json));
  }
}
