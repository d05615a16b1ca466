package dev.cmmshub.recovery;

import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Insistence;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives each failure of the error queue its verdict and makes it so: parked in the tenant's shard
 * with a due time, or dead-lettered in topic and table. The batch is done when all of that is safe.
 */
public final class ErrorJudge {
  private final Verdicts verdicts;
  private final Function<String, Optional<Tenant>> tenants;
  private final Shards shards;
  private final ErrorQueue queue;
  private final Clock clock;
  private final RecoveryObserver observer;

  public ErrorJudge(
      Verdicts verdicts,
      Function<String, Optional<Tenant>> tenants,
      Shards shards,
      ErrorQueue queue,
      Clock clock,
      RecoveryObserver observer) {
    this.verdicts = verdicts;
    this.tenants = tenants;
    this.shards = shards;
    this.queue = queue;
    this.clock = clock;
    this.observer = observer;
  }

  /** Waits while a shard is away. */
  public void judge(EventBatch batch) throws SQLException {
    List<FailedEvent> buried = new ArrayList<>();
    for (FailedEvent failed : batch.failures()) {
      Optional<Tenant> tenant = tenants.apply(failed.event().key().tenant());
      Verdict verdict =
          tenant.isPresent() ? judge(failed, tenant.get()) : new Verdict.Never("unknown tenant");
      observer.judged(failed, verdict);
      if (verdict instanceof Verdict.Never) {
        buried.add(failed);
      }
    }
    batch.completeWith(queue.bury(buried));
  }

  private Verdict judge(FailedEvent failed, Tenant tenant) throws SQLException {
    Shard shard = shards.of(tenant);
    return Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                List.of(tenant.id()),
                connection -> {
                  Instant first =
                      FailureRows.firstFailedAt(connection, failed).orElse(clock.instant());
                  RetryPolicy policy = tenant.retry();
                  Verdict verdict = verdicts.of(failed, policy, first);
                  if (verdict instanceof Verdict.Later later) {
                    FailureRows.park(connection, failed, clock.instant().plus(later.after()));
                  } else {
                    FailureRows.bury(connection, failed);
                  }
                  return verdict;
                }));
  }
}
