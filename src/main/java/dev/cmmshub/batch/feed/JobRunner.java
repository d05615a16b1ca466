package dev.cmmshub.batch.feed;

import dev.cmmshub.batch.ChunkSource;
import dev.cmmshub.batch.Feeder;
import dev.cmmshub.batch.LaneException;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJob.State;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkLeases;
import dev.cmmshub.store.bulk.BulkLeases.Claimed;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the jobs whose rows the hub itself fetches. A job is fed by one process, for a while; then
 * the next has its turn, so that a small job is not stuck behind huge ones.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final BulkJobs jobs;
  private final BulkManifest manifest;
  private final BulkLeases leases;
  private final Feeder feeder;
  private final JobSources sources;
  private final Semaphore free;
  private final ExecutorService threads;

  /**
   * @param most jobs that are fed at once
   */
  public JobRunner(
      Supplier<Tenants> tenants,
      Shards shards,
      BulkJobs jobs,
      BulkManifest manifest,
      BulkLeases leases,
      Feeder feeder,
      JobSources sources,
      int most) {
    this.tenants = tenants;
    this.shards = shards;
    this.jobs = jobs;
    this.manifest = manifest;
    this.leases = leases;
    this.feeder = feeder;
    this.sources = sources;
    this.free = new Semaphore(most);
    this.threads = Daemons.pool("bulk-feed", most);
  }

  /** Starts what nobody feeds, as long as there is room. */
  public void runDue() {
    List<Tenant> all = tenants.get().all().stream().filter(Tenant::enabled).toList();
    Map<Shard, List<Tenant>> byShard = shards.byShard(all);
    byShard.forEach(
        (shard, owners) -> {
          try {
            claim(shard, owners);
          } catch (SQLException e) {
            LOG.debug("Shard {}: no job is fed ({})", shard.name(), e.getMessage());
          }
        });
  }

  private void claim(Shard shard, List<Tenant> owners) throws SQLException {
    int room = free.drainPermits();
    try {
      List<Claimed> claimed =
          room == 0
              ? List.of()
              : leases.claim(shard, owners.stream().map(Tenant::id).toList(), room);
      room -= claimed.size();
      for (Claimed one : claimed) {
        threads.execute(() -> feed(one));
      }
    } finally {
      free.release(room);
    }
  }

  private void feed(Claimed claimed) {
    try {
      Tenant owner = tenants.get().byId(claimed.tenant()).orElseThrow();
      BulkJob job = jobs.get(owner, claimed.job());
      try {
        feed(owner, job);
      } catch (Turn.OverException e) {
        leases.rest(owner, job.id(), Duration.ZERO, null);
      } catch (LaneException e) {
        leases.rest(owner, job.id(), SOON, null);
      } catch (UnavailableException e) {
        told(job, e.getMessage());
        leases.rest(owner, job.id(), e.pause(), e.getMessage());
      } catch (IOException e) {
        leases.rest(owner, job.id(), SOON, e.getMessage());
      } catch (RuntimeException e) {
        told(job, String.valueOf(e.getMessage()));
        jobs.move(
            owner, job.id(), Set.of(State.RECEIVING, State.PAUSED), State.FAILED, e.getMessage());
      }
    } catch (SQLException | RuntimeException e) {
      // The lease ends by itself, and somebody goes on.
      LOG.debug("Job {}: {}", claimed.job(), e.getMessage());
    } finally {
      free.release();
    }
  }

  private void feed(Tenant owner, BulkJob job) throws SQLException, IOException {
    try (ChunkSource source =
        new Turn(sources.of(owner, job, manifest.restart(owner, job.id())), leases, owner, job)) {
      feeder.feed(owner, job, source);
    }
  }

  private static void told(BulkJob job, String reason) {
    LogFields.system(LOG.atWarn(), job.tenant(), job.order().system())
        .log("Job {}: {}", job.id(), reason);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
