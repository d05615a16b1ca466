package dev.cmmshub.recovery;

import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Insistence;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import java.sql.Connection;
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
  private final Runnable nowDue;

  /**
   * @param nowDue told when events behind a dead letter became due
   */
  public ErrorJudge(
      Verdicts verdicts,
      Function<String, Optional<Tenant>> tenants,
      Shards shards,
      ErrorQueue queue,
      Clock clock,
      RecoveryObserver observer,
      Runnable nowDue) {
    this.verdicts = verdicts;
    this.tenants = tenants;
    this.shards = shards;
    this.queue = queue;
    this.clock = clock;
    this.observer = observer;
    this.nowDue = nowDue;
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
                List.of(tenant.id()), connection -> judge(connection, failed, tenant.retry())));
  }

  private Verdict judge(Connection connection, FailedEvent failed, RetryPolicy policy)
      throws SQLException {
    Instant now = clock.instant();
    Verdict verdict =
        verdicts.of(failed, policy, FailureRows.firstFailedAt(connection, failed).orElse(now));
    if (verdict instanceof Verdict.Later later) {
      int attempts = later.burned() ? failed.attempt() : failed.attempt() - 1;
      ParkedKeys.defer(connection, failed, attempts, now.plus(later.after()));
    } else if (FailureRows.bury(connection, failed) > 0) {
      nowDue.run();
    }
    return verdict;
  }
}
