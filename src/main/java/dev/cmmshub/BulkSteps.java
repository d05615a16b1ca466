package dev.cmmshub;

import dev.cmmshub.batch.BulkPace;
import dev.cmmshub.batch.ChunkNotices;
import dev.cmmshub.batch.ChunkReader;
import dev.cmmshub.batch.ChunkTranslator;
import dev.cmmshub.batch.ChunkWriter;
import dev.cmmshub.batch.Feeder;
import dev.cmmshub.batch.api.BulkUpload;
import dev.cmmshub.batch.api.JobActions;
import dev.cmmshub.batch.api.JobQueries;
import dev.cmmshub.batch.api.UploadTurns;
import dev.cmmshub.batch.feed.JobRunner;
import dev.cmmshub.batch.feed.JobSources;
import dev.cmmshub.batch.feed.SystemPages;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.observe.BulkMetrics;
import dev.cmmshub.store.BulkStore;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkLeases;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkRejects;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.Transformer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.spi.Registry;

/** The part of the composition root that makes the steps of {@code routes/6-batch}. */
record BulkSteps(
    HubSettings settings, Steps.Means means, MeterRegistry registry, Clock clock, Closing closing) {
  /** Less than the 30 s after which a connection without a byte ends. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Returns what keeps bulk loads from delaying live events. */
  BulkPace bindTo(
      Registry beans,
      EventReader reader,
      Transformer transformer,
      EntityCache cache,
      SystemPages pages) {
    BulkJobs jobs = new BulkJobs(means.shards());
    BulkManifest manifest = new BulkManifest(means.shards());
    BulkRejects rejects = new BulkRejects(means.shards());
    Feeder feeder = new Feeder(manifest, means.publisher(), means.topics(), clock, PATIENCE);
    beans.bind(
        "bulkUpload",
        new BulkUpload(
            jobs,
            feeder,
            clock,
            settings.size("hub.bulk.largestFile"),
            new UploadTurns(Math.max(1, settings.number("hub.bulk.uploads") / 4))));
    beans.bind("jobQueries", new JobQueries(jobs, manifest, rejects, clock));
    beans.bind("jobActions", new JobActions(jobs, manifest, this::resources, clock));
    beans.bind(
        "jobRunner",
        closing.add(
            new JobRunner(
                means.tenants(),
                means.shards(),
                jobs,
                manifest,
                new BulkLeases(means.shards(), UUID.randomUUID().toString()),
                feeder,
                new JobSources(pages, rejects),
                settings.number("hub.bulk.feeders"))));
    return bindLane(beans, manifest, new ChunkTranslator(reader::read, transformer), cache);
  }

  private Set<String> resources(TenantSystem system) {
    return means
        .connectors()
        .get(system.connector())
        .source()
        .map(Connector.Source::resources)
        .map(all -> Set.copyOf(all.keySet()))
        .orElse(Set.of());
  }

  private BulkPace bindLane(
      Registry beans, BulkManifest manifest, ChunkTranslator translator, EntityCache cache) {
    BulkPace pace =
        new BulkPace(
            settings.number("hub.bulk.share"),
            tenant -> means.backlog().now().getOrDefault(tenant, 0L));
    ShardLanes lanes = closing.add(new ShardLanes("bulk", settings.number("hub.bulk.consumers")));
    beans.bind(
        "chunkReader",
        new ChunkReader(means.byId(), translator, pace, means.publisher(), means.topics()));
    beans.bind(
        "chunkWriter",
        new ChunkWriter(
            means.shards(),
            new BulkStore(means.shards(), cache),
            pace,
            new BulkMetrics(registry, means.names()),
            lanes));
    beans.bind(
        "chunkNotices",
        new ChunkNotices(
            means.publisher(),
            means.topics(),
            manifest,
            means.shards(),
            // Who writes chunks must not wait for itself.
            closing.add(new ShardLanes("bulk-end", 1)),
            clock));
    return pace;
  }
}
