package dev.cmmshub.batch.schedule;

import dev.cmmshub.message.EventIds;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJob.State;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The backfills that runs of loads are made of; which key begins which job the shard remembers. */
public final class BackfillJobs {
  private final BulkJobs jobs;
  private final BulkManifest manifest;

  /**
   * All objects of one entity of a system.
   *
   * @param since only those that changed from here on; empty for everything
   * @param name what it is called in lists
   * @param createdBy such as {@code schedule:parts-nightly}
   */
  record Request(
      String system, String entity, Optional<Instant> since, String name, String createdBy) {}

  public BackfillJobs(BulkJobs jobs, BulkManifest manifest) {
    this.jobs = jobs;
    this.manifest = manifest;
  }

  /** Begins a job; the same key again gives the job that was begun. */
  UUID start(Tenant tenant, Request request, String key) throws SQLException {
    UUID id = EventIds.ofBulkJob(tenant.id(), request.system(), key);
    jobs.create(
        tenant,
        id,
        new BulkOrder(
            BulkOrder.Kind.BACKFILL,
            request.system(),
            request.entity(),
            "page",
            request.name(),
            request.createdBy(),
            null,
            request.since().orElse(null),
            null,
            null));
    return id;
  }

  Optional<BulkJob> find(Tenant tenant, UUID job) throws SQLException {
    return jobs.find(tenant, job);
  }

  /** Without effect on a job that is paused already or has ended. */
  void pause(Tenant tenant, UUID job) throws SQLException {
    jobs.move(tenant, job, Set.of(State.RECEIVING, State.RUNNING), State.PAUSED, null);
  }

  /** Without effect on a job that goes on already or has ended. */
  void resume(Tenant tenant, UUID job) throws SQLException {
    jobs.resume(tenant, job);
    // Its last chunk may have been written meanwhile.
    manifest.finish(tenant, job);
  }
}
