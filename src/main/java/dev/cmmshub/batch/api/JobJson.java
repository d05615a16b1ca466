package dev.cmmshub.batch.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Moments;
import dev.cmmshub.store.Outcome;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** A job as senders see it. */
final class JobJson {
  private static final double SECOND = 1_000.0;

  private JobJson() {}

  static ObjectNode of(BulkJob job, Instant now) {
    BulkOrder order = job.order();
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("id", job.id().toString());
    json.put("tenant", job.tenant());
    json.put("kind", lower(order.kind()));
    json.put("system", order.system());
    put(json, "entity", order.entity());
    json.put("name", order.name());
    json.put("format", order.format());
    json.put("state", lower(job.state()));
    put(json, "reason", job.reason());
    put(json, "parent", order.parent());
    json.put("createdBy", order.createdBy());
    json.put("createdAt", Moments.text(job.createdAt()));
    put(json, "endedAt", moment(job.endedAt()));
    put(json, "since", moment(order.since()));
    put(json, "until", moment(order.until()));
    ObjectNode received = json.putObject("received");
    received.put("rows", job.received().rows());
    received.put("bytes", job.received().bytes());
    received.put("isComplete", job.isComplete());
    if (order.totalBytes() != null) {
      received.put("total", order.totalBytes());
    }
    ObjectNode rows = json.putObject("rows");
    rows.put("done", job.rowsDone());
    for (Outcome outcome : Outcome.values()) {
      rows.put(lower(outcome), job.counts().get(outcome));
    }
    rows.put("rejected", job.rejected());
    json.putObject("chunks").put("sent", job.chunks()).put("done", job.chunksDone());
    speed(json, job, now);
    return json;
  }

  /** The end is told only where the whole is known. */
  private static void speed(ObjectNode json, BulkJob job, Instant now) {
    Instant end = job.endedAt() == null ? now : job.endedAt();
    double seconds = Duration.between(job.createdAt(), end).toMillis() / SECOND;
    if (seconds <= 0 || job.rowsDone() == 0) {
      return;
    }
    double perSecond = job.rowsDone() / seconds;
    json.put("rowsPerSecond", Math.round(perSecond));
    double share = share(job);
    if (job.endedAt() == null && share > 0) {
      json.put("eta", Moments.text(now.plusMillis((long) (seconds * (1 / share - 1) * SECOND))));
    }
  }

  /** How much of the job is done; 0 when unknown. */
  private static double share(BulkJob job) {
    Long total = job.order().totalBytes();
    double ofReceived = (double) job.rowsDone() / Math.max(1, job.received().rows());
    if (job.isComplete()) {
      return Math.min(1, ofReceived);
    }
    return total == null || total == 0 || job.received().bytes() == 0
        ? 0
        : Math.min(1, ofReceived * job.received().bytes() / total);
  }

  private static String moment(Instant moment) {
    return moment == null ? null : Moments.text(moment);
  }

  private static void put(ObjectNode json, String name, Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }

  private static String lower(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }
}
