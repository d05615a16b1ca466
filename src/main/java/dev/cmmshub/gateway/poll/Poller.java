package dev.cmmshub.gateway.poll;

import dev.cmmshub.connector.SystemSources;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.store.Watermarks.Resource;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Reads a page of each resource that is due, a few at once and never two of one resource. A page is
 * a turn: who has more pages queues behind the others, so a first load holds nobody up.
 */
public final class Poller implements AutoCloseable {
  private static final int AT_ONCE = 8;
  private static final int AT_ONCE_OF_A_TENANT = 4;
  private static final Duration RENEWAL = Duration.ofSeconds(5);

  private final Supplier<Tenants> tenants;
  private final PollProgress progress;
  private final SystemSources sources;
  private final PollRunner runner;
  private final BiPredicate<Tenant, TenantSystem> held;
  private final Clock clock;
  private final Map<Resource, PollTask> tasks = new HashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE + 1, Daemons.named("poller"));
  private Tenants known;
  private Instant renewed = Instant.MIN;
  private boolean closed;

  /**
   * @param held tells which systems are asked for nothing now, since too much of their tenant's
   *     waits, or their budget is used up
   */
  public Poller(
      Supplier<Tenants> tenants,
      PollProgress progress,
      SystemSources sources,
      PollRunner runner,
      BiPredicate<Tenant, TenantSystem> held,
      Clock clock) {
    this.tenants = tenants;
    this.progress = progress;
    this.sources = sources;
    this.runner = runner;
    this.held = held;
    this.clock = clock;
  }

  /** Begins what is due and returns at once. */
  public void runDue() {
    look();
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    takeUp(tenants.get());
    Instant now = clock.instant();
    beginDue(now);
    renew(now);
  }

  private void beginDue(Instant now) {
    Map<String, Integer> busy = new HashMap<>();
    int running = 0;
    for (PollTask task : tasks.values()) {
      if (task.isRunning()) {
        running++;
        busy.merge(task.definition().tenant().id(), 1, Integer::sum);
      }
    }
    List<PollTask> due = new ArrayList<>(tasks.values());
    due.removeIf(task -> !task.isDue(now));
    due.sort(Comparator.comparing(PollTask::due));
    for (PollTask task : due) {
      String tenant = task.definition().tenant().id();
      if (running < AT_ONCE
          && busy.getOrDefault(tenant, 0) < AT_ONCE_OF_A_TENANT
          && !held.test(task.definition().tenant(), task.definition().system())) {
        running++;
        busy.merge(tenant, 1, Integer::sum);
        PollDefinition begun = task.begin(now);
        threads.execute(
            () -> {
              runner.run(task, begun);
              look();
            });
      }
    }
  }

  /** Only enabled systems of enabled tenants are polled. */
  private void takeUp(Tenants current) {
    if (current != known) {
      tasks.values().forEach(PollTask::drop);
      for (Tenant tenant : current.all()) {
        for (TenantSystem system : tenant.systems().values()) {
          if (tenant.enabled() && system.enabled()) {
            system.polls().forEach(poll -> define(new PollDefinition(tenant, system, poll)));
          }
        }
      }
      known = current;
    }
    tasks.values().removeIf(task -> task.isOver() && end(task.definition()));
  }

  private void define(PollDefinition definition) {
    PollTask task = tasks.get(definition.resource());
    if (task == null) {
      runner.observer().begins(definition.resource());
      tasks.put(definition.resource(), new PollTask(definition, clock.instant()));
    } else {
      task.define(definition, clock.instant());
    }
  }

  private boolean end(PollDefinition definition) {
    sources.stop(definition.name());
    runner.observer().ends(definition.resource());
    return true;
  }

  private void renew(Instant now) {
    if (!tasks.isEmpty() && renewed.isBefore(now.minus(RENEWAL))) {
      renewed = now;
      List<Tenant> owners = owners();
      threads.execute(() -> progress.renew(owners));
    }
  }

  private List<Tenant> owners() {
    return tasks.values().stream().map(task -> task.definition().tenant()).distinct().toList();
  }

  /** Ends pages that are being read; they will be read again. */
  @Override
  public void close() {
    List<Tenant> owners;
    synchronized (this) {
      closed = true;
      owners = owners();
    }
    runner.end();
    threads.shutdownNow();
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    progress.release(owners);
  }
}
