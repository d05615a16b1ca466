package dev.cmmshub.recovery;

import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Insistence;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
  private final RecoveryObserver observer;
  private final Runnable nowDue;
  private final ShardLanes lanes;
  private final Traces traces;

  /**
   * @param nowDue told when events behind a dead letter became due
   */
  public ErrorJudge(
      Verdicts verdicts,
      Function<String, Optional<Tenant>> tenants,
      Shards shards,
      ErrorQueue queue,
      RecoveryObserver observer,
      Runnable nowDue,
      ShardLanes lanes,
      Traces traces) {
    this.verdicts = verdicts;
    this.tenants = tenants;
    this.shards = shards;
    this.queue = queue;
    this.observer = observer;
    this.nowDue = nowDue;
    this.lanes = lanes;
    this.traces = traces;
  }

  /** A shard that is away holds up its own failures and no others. */
  public void judge(EventBatch batch) {
    Map<Shard, List<FailedEvent>> byShard = new LinkedHashMap<>();
    List<FailedEvent> homeless = new ArrayList<>(0);
    for (FailedEvent failed : batch.failures()) {
      tenants
          .apply(failed.event().key().tenant())
          .ifPresentOrElse(
              tenant ->
                  byShard.computeIfAbsent(shards.of(tenant), s -> new ArrayList<>()).add(failed),
              () -> homeless.add(failed));
    }
    List<CompletableFuture<List<FailedEvent>>> buried = new ArrayList<>();
    byShard.forEach(
        (shard, failures) ->
            buried.add(lanes.run(shard, failures.size(), () -> judge(shard, failures))));
    Verdict unknown = new Verdict.Never("unknown tenant");
    homeless.forEach(failed -> observer.judged(failed, unknown));
    buried.add(CompletableFuture.completedFuture(homeless));
    new BatchParts<>(batch, buried).completeWith(queue::bury);
  }

  /** Returns those that are dead letters now. */
  private List<FailedEvent> judge(Shard shard, List<FailedEvent> failures) throws SQLException {
    List<FailedEvent> buried = new ArrayList<>(0);
    for (FailedEvent failed : failures) {
      Step step = traces.begin("judge", SpanKind.CONSUMER, failed.event());
      try (CurrentTrace.Scope scope = traces.current(failed.event())) {
        Verdict verdict = judge(shard, failed);
        observer.judged(failed, verdict);
        step.put(Names.VERDICT, verdict.getClass().getSimpleName());
        if (verdict instanceof Verdict.Never) {
          buried.add(failed);
        }
      } finally {
        step.end();
      }
    }
    return buried;
  }

  private Verdict judge(Shard shard, FailedEvent failed) throws SQLException {
    String tenant = failed.event().key().tenant();
    RetryPolicy policy = tenants.apply(tenant).map(Tenant::retry).orElse(RetryPolicy.DEFAULT);
    return Insistence.insist(
        shard.name(),
        () -> shard.transaction(List.of(tenant), connection -> judge(connection, failed, policy)));
  }

  private Verdict judge(Connection connection, FailedEvent failed, RetryPolicy policy)
      throws SQLException {
    Verdict verdict =
        verdicts.of(failed, policy, FailureRows.age(connection, failed).orElse(Duration.ZERO));
    if (verdict instanceof Verdict.Later later) {
      defer(connection, failed, later.burned(), later.after());
    } else if (verdict instanceof Verdict.Unknown unknown) {
      defer(connection, failed, unknown.burned(), unknown.after());
    } else if (FailureRows.bury(connection, failed) > 0) {
      nowDue.run();
    }
    return verdict;
  }

  private static void defer(
      Connection connection, FailedEvent failed, boolean burned, Duration after)
      throws SQLException {
    ParkedKeys.defer(connection, failed, failed.attempt() - (burned ? 0 : 1), after);
  }
}
