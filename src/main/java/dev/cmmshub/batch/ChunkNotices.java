package dev.cmmshub.batch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.batch.ChunkBatch.Written;
import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Origin;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.tenant.BulkNotice;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a chunk: observers that want each row get the rows that changed something, those
 * that want digests one event an entity, and the job is done if this was its last chunk.
 */
public final class ChunkNotices {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkNotices.class);

  private final EventPublisher publisher;
  private final Topics topics;
  private final BulkManifest manifest;
  private final Shards shards;
  private final ShardLanes lanes;
  private final Clock clock;

  public ChunkNotices(
      EventPublisher publisher,
      Topics topics,
      BulkManifest manifest,
      Shards shards,
      ShardLanes lanes,
      Clock clock) {
    this.publisher = publisher;
    this.topics = topics;
    this.manifest = manifest;
    this.shards = shards;
    this.lanes = lanes;
    this.clock = clock;
  }

  /** Does not wait: the batch is done once the broker acknowledged all of it. */
  public void publish(BatchParts<Written> batch) {
    batch.completeWith(this::publish);
    batch
        .batch()
        .done()
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOG.warn("Chunks are written again: {}", error.toString());
              }
            });
  }

  private CompletableFuture<?> publish(Written written) {
    List<Event> events = new ArrayList<>();
    if (wants(written, BulkNotice.EACH)) {
      events.addAll(written.outcome().changed());
    }
    if (wants(written, BulkNotice.DIGEST)) {
      events.addAll(digests(written));
    }
    return publisher
        .publishAll(topics.canonical(), events)
        .thenCompose(told -> lanes.run(shards.of(written.owner()), 1, () -> finish(written)));
  }

  private Void finish(Written written) throws java.sql.SQLException {
    manifest.finish(written.owner(), written.chunk().job());
    return null;
  }

  private static boolean wants(Written written, BulkNotice notice) {
    return written.owner().subscriptions().stream().anyMatch(to -> to.bulk() == notice);
  }

  private List<Event> digests(Written written) {
    Map<String, List<Event>> byEntity =
        written.outcome().changed().stream()
            .collect(
                Collectors.groupingBy(
                    event -> event.key().entity(), TreeMap::new, Collectors.toList()));
    return byEntity.entrySet().stream()
        .map(one -> digest(written, one.getKey(), one.getValue()))
        .toList();
  }

  private Event digest(Written written, String entity, List<Event> changed) {
    String job = written.chunk().job().toString();
    ObjectNode data = Json.mapper().createObjectNode();
    data.put("job", job);
    data.put("chunk", written.chunk().number());
    data.put("system", written.system());
    data.put("entity", entity);
    ArrayNode objects = data.putArray("objects");
    for (Event event : changed) {
      objects
          .addObject()
          .put("id", EventIds.ofObject(event.key()).toString())
          .put("externalId", event.key().externalId())
          .put("sourceVersion", event.version())
          .put("event", event.id());
    }
    String id =
        EventIds.ofDigest(written.chunk().job(), written.chunk().number(), entity).toString();
    return new Event(
        id,
        Event.type(entity, Event.LOADED),
        "bulk/" + job,
        new EventKey(written.owner().id(), written.system(), entity, "bulk/" + job),
        written.chunk().number(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        "application/json",
        null,
        id,
        null,
        null,
        Origin.ofBulk(written.chunk().job()),
        Json.write(data));
  }
}
