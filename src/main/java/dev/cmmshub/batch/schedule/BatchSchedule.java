package dev.cmmshub.batch.schedule;

import dev.cmmshub.store.BatchRun;
import dev.cmmshub.store.BatchRun.State;
import dev.cmmshub.store.BatchRunRows;
import dev.cmmshub.store.BatchRuns;
import dev.cmmshub.store.BatchTimes;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.BatchDefinition.By;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the loads that the hub runs itself, and sees to it that they go on. All processes look at
 * the same rows of the shards, and a row's lease says who acts; so it does not matter who looks,
 * how often or how late. A time that passed while no process ran is caught up with, the last one
 * only.
 */
public final class BatchSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchSchedule.class);

  private record Key(String tenant, String definition) {}

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final BatchRuns runs;
  private final BackfillJobs jobs;
  private final RunObserver observer;
  private final Duration lease;
  private final Clock clock;
  private final QuartzTimer timer;
  private Tenants known;
  private Map<Shard, Map<Key, Entry>> entries = Map.of();

  /**
   * @param lease after so long another process does what this one stopped doing
   */
  public BatchSchedule(
      Supplier<Tenants> tenants,
      Shards shards,
      BatchRuns runs,
      BackfillJobs jobs,
      RunObserver observer,
      Duration lease,
      Clock clock) {
    this.tenants = tenants;
    this.shards = shards;
    this.runs = runs;
    this.jobs = jobs;
    this.observer = observer;
    this.lease = lease;
    this.clock = clock;
    this.timer = new QuartzTimer(shards.all(), this::look);
  }

  /**
   * Looks from now on.
   *
   * @param every besides at each time of a definition
   */
  public void start(Duration every) {
    timer.start(every);
  }

  /** Does all there is to do at a shard; what does not work is tried at the next look. */
  void look(Shard shard) {
    Collection<Entry> here = takeUp(shard);
    if (here.isEmpty()) {
      return;
    }
    try {
      note(shard, here);
      advance(shard, here);
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Loads of shard {} wait: {}", shard.name(), e.getMessage());
    }
  }

  private void note(Shard shard, Collection<Entry> here) throws SQLException {
    Instant now = clock.instant();
    List<Entry> due =
        here.stream().filter(entry -> entry.definition().enabled() && entry.isDue(now)).toList();
    findBegins(shard, due, now);
    for (Entry entry : due) {
      Optional<BatchRun> last = entry.last(now);
      if (last.isPresent()) {
        BatchTimes.note(shard, last.get(), entry.skipped(last.get()));
      }
      Duration wait = Duration.between(now, entry.noted(now));
      timer.lookIn(shard, entry.tenant().id(), entry.definition().id(), wait);
    }
  }

  /** What the shard knows goes on where it stood; what it does not know begins now. */
  private static void findBegins(Shard shard, List<Entry> due, Instant now) throws SQLException {
    List<Entry> unsure = due.stream().filter(entry -> !entry.knowsItsBegin()).toList();
    if (unsure.isEmpty()) {
      return;
    }
    Map<Key, Instant> first = new HashMap<>();
    for (BatchRunRows.Latest one :
        shard.transaction(
            new TreeSet<>(unsure.stream().map(entry -> entry.tenant().id()).toList()),
            BatchRunRows::latest)) {
      first.put(new Key(one.newest().tenant(), one.newest().definition()), one.first());
    }
    for (Entry entry : unsure) {
      entry.beginsAt(first.getOrDefault(key(entry), now));
    }
  }

  private void advance(Shard shard, Collection<Entry> here) throws SQLException {
    Map<Key, Entry> byKey = here.stream().collect(Collectors.toMap(BatchSchedule::key, e -> e));
    List<BatchRun> mine =
        new ArrayList<>(
            runs.claim(
                shard,
                here.stream().map(entry -> entry.tenant().id()).toList(),
                here.stream().map(entry -> entry.definition().id()).toList(),
                lease));
    // What has begun comes before what waits, and the earlier before the later.
    mine.sort(
        Comparator.comparing((BatchRun run) -> run.state() == State.WAITING)
            .thenComparing(BatchRun::time));
    RunStep step = new RunStep(shard, runs, jobs, observer, clock);
    for (BatchRun run : mine) {
      Entry entry = byKey.get(new Key(run.tenant(), run.definition()));
      try {
        step.advance(entry.tenant(), entry.definition(), run);
      } catch (SQLException | RuntimeException e) {
        LOG.warn(
            "Load {} of tenant {} is tried again: {}",
            run.definition(),
            run.tenant(),
            e.getMessage());
      }
    }
  }

  private static Key key(Entry entry) {
    return new Key(entry.tenant().id(), entry.definition().id());
  }

  /** Another version of the file counts from now on, at once for all shards. */
  private synchronized Collection<Entry> takeUp(Shard asked) {
    Tenants current = tenants.get();
    if (current != known) {
      Optional<Instant> from = known == null ? Optional.empty() : Optional.of(clock.instant());
      Map<Shard, Map<Key, Entry>> now = new HashMap<>();
      for (Tenant tenant : current.all()) {
        for (BatchDefinition definition : tenant.batch()) {
          if (definition.by() == By.HUB && mayRun(tenant, definition)) {
            Shard shard = shards.of(tenant);
            Key key = new Key(tenant.id(), definition.id());
            Entry before = entries.getOrDefault(shard, Map.of()).get(key);
            now.computeIfAbsent(shard, one -> new HashMap<>())
                .put(
                    key,
                    before != null && before.definition().equals(definition)
                        ? before.of(tenant)
                        : new Entry(tenant, definition, from));
          }
        }
      }
      entries.forEach(
          (shard, old) ->
              old.keySet().stream()
                  .filter(key -> !now.getOrDefault(shard, Map.of()).containsKey(key))
                  .forEach(key -> timer.forget(key.tenant(), key.definition())));
      entries = now;
      known = current;
    }
    return entries.getOrDefault(asked, Map.of()).values();
  }

  /** Whether its tenant and its system are enabled. */
  static boolean mayRun(Tenant tenant, BatchDefinition definition) {
    return tenant.enabled()
        && tenant.system(definition.system()).map(TenantSystem::enabled).orElse(false);
  }

  /** Lets others go on at once; jobs that were begun go on by themselves. */
  @Override
  public void close() {
    timer.close();
    for (Shard shard : shards.all()) {
      Collection<String> here;
      synchronized (this) {
        here =
            entries.getOrDefault(shard, Map.of()).keySet().stream()
                .map(Key::tenant)
                .collect(Collectors.toSet());
      }
      try {
        if (!here.isEmpty()) {
          runs.release(shard, here);
        }
      } catch (SQLException e) {
        LOG.debug("Shard {}: leases end by themselves ({})", shard.name(), e.getMessage());
      }
    }
  }
}
