package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Runs the failed stage of parked events again when they are due. Only heads of ordering keys are,
 * and only those of enabled tenants; what a disabled tenant has waits until it is enabled, and what
 * is for a webhook that is gone until that one is. Several nodes may do so at once: what one has
 * claimed the others skip while it runs, and for half a minute after that one died.
 */
public final class RetryService implements AutoCloseable {
  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final GoneSubscriptions gone;
  private final Traces traces;
  private final Map<String, Stage> stages = new ConcurrentHashMap<>();
  private final Map<Shard, ShardRetries> retries = new ConcurrentHashMap<>();

  public RetryService(
      Supplier<Tenants> tenants, Shards shards, GoneSubscriptions gone, Traces traces) {
    this.traces = traces;
    this.tenants = tenants;
    this.shards = shards;
    this.gone = gone;
  }

  /**
   * Says how a stage is run again.
   *
   * @param name what a failure has as its stage
   */
  public void register(String name, Stage stage) {
    stages.put(name, stage);
  }

  /**
   * Begins with what is due on each shard and returns at once; a shard that is away holds up no
   * other and is left for the next time.
   */
  public void runDue() {
    List<Tenant> enabled = tenants.get().all().stream().filter(Tenant::enabled).toList();
    shards
        .byShard(enabled)
        .forEach(
            (shard, owners) ->
                retries
                    .computeIfAbsent(shard, s -> new ShardRetries(s, gone, this::run))
                    .begin(owners.stream().map(Tenant::id).toList()));
  }

  private CompletableFuture<Void> run(Shard shard, String name, List<FailedEvent> due) {
    Stage stage = stages.get(name);
    return stage == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no stage '" + name + "'"))
        : stage.run(shard, traces.isOn() ? due.stream().map(this::traced).toList() : due);
  }

  /** The step ends at once: what is tried again are steps of their own behind it. */
  private FailedEvent traced(FailedEvent due) {
    Failure before = due.failure();
    Step begun =
        before.errorClass().equals(ParkedKeys.BEHIND_ANOTHER)
            ? traces.begin("resume", due.event())
            : traces.again("retry", due.event());
    Step step =
        begun
            .put(Names.STAGE, before.stage())
            .put(Names.ATTEMPT, due.attempt())
            .put(Names.OUTCOME, before.errorClass());
    if (before.subscription() != null) {
      step.put(Names.SUBSCRIPTION, before.subscription());
    }
    step.end();
    return new FailedEvent(step.carry(due.event()), before, due.attempt());
  }

  /** Begins with nothing more; what was claimed and not run is taken up in half a minute. */
  @Override
  public void close() {
    retries.values().forEach(ShardRetries::close);
  }
}
