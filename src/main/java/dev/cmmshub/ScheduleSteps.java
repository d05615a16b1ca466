package dev.cmmshub;

import dev.cmmshub.batch.schedule.BackfillJobs;
import dev.cmmshub.batch.schedule.BatchDesk;
import dev.cmmshub.batch.schedule.BatchSchedule;
import dev.cmmshub.batch.schedule.DefinitionList;
import dev.cmmshub.observe.BatchMetrics;
import dev.cmmshub.store.BatchRuns;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.spi.Registry;

/** The part of the composition root that begins loads when it is time. */
record ScheduleSteps(
    HubSettings settings, Steps.Means means, MeterRegistry registry, Clock clock, Closing closing) {
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** The step of {@code routes/6-batch} that tells who else runs loads which there are. */
  void bindTo(Registry beans) {
    beans.bind("definitionList", new DefinitionList(means.tenants()));
  }

  /** Measures how loads stand, and runs those that are the hub's own to run. */
  void start() {
    BatchDesk desk = new BatchDesk(means.tenants(), means.shards(), clock);
    BatchMetrics metrics = closing.add(new BatchMetrics(registry, desk, means.names(), clock));
    metrics.start();
    closing
        .add(
            new BatchSchedule(
                means.tenants(),
                means.shards(),
                new BatchRuns(UUID.randomUUID(), settings.node()),
                new BackfillJobs(new BulkJobs(means.shards()), new BulkManifest(means.shards())),
                metrics,
                LEASE,
                clock))
        .start(settings.duration("hub.batch.look"));
  }
}
