package dev.cmmshub.batch.feed;

import dev.cmmshub.batch.ChunkSource;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.store.bulk.BulkRejects;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.io.IOException;
import java.time.Duration;

/** Where the rows of a job come from that the hub itself fetches. */
public final class JobSources {
  private static final Duration DISABLED = Duration.ofMinutes(1);

  private final SystemPages pages;
  private final BulkRejects rejects;

  public JobSources(SystemPages pages, BulkRejects rejects) {
    this.pages = pages;
    this.rejects = rejects;
  }

  /**
   * From where it was left on.
   *
   * @param number of the next chunk
   * @throws UnavailableException while the system is disabled
   */
  ChunkSource of(Tenant owner, BulkJob job, int number) throws IOException {
    if (job.order().kind() == BulkOrder.Kind.RETRY) {
      return new RejectSource(rejects, owner, job, number);
    }
    String name = job.order().system();
    TenantSystem system =
        owner
            .system(name)
            .filter(TenantSystem::enabled)
            .orElseThrow(
                () -> new UnavailableException("system '" + name + "' is disabled", DISABLED));
    return new PageSource(pages, owner, system, job, number);
  }
}
