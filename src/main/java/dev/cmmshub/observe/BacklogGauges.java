package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.observe.WorstFirst.Reading;
import dev.cmmshub.recovery.Backlog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits in the shards, parked events and dead letters, and breakers. Every 5 s. */
public final class BacklogGauges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogGauges.class);
  private static final int PERIOD_SECONDS = 5;
  private static final String SHARD = "shard";
  private static final String TENANT = "tenant";

  private final Shards shards;
  private final Backlog backlog;
  private final Targets targets;
  private final int most;
  private final RowGauge parked;
  private final RowGauge parkedKeys;
  private final RowGauge oldest;
  private final RowGauge dead;
  private final RowGauge deadByAge;
  private final RowGauge oldestDead;
  private final RowGauge breakers;
  // What each shard said last, so that one that is away does not hide the others.
  private final Map<String, List<Backlog.Parked>> parkedOf = new HashMap<>();
  private final Map<String, List<Backlog.Dead>> deadOf = new HashMap<>();
  private final ScheduledExecutorService ticker = Daemons.ticker("backlog-gauges");

  /**
   * @param most so many tenants, and so many observers, are told by name
   */
  public BacklogGauges(
      MeterRegistry registry, Shards shards, Backlog backlog, Targets targets, int most) {
    this.shards = shards;
    this.backlog = backlog;
    this.targets = targets;
    this.most = most;
    this.parked = new RowGauge(registry, "hub.parked.events");
    this.parkedKeys = new RowGauge(registry, "hub.parked.keys");
    this.oldest = new RowGauge(registry, "hub.parked.oldest", "seconds");
    this.dead = new RowGauge(registry, "hub.dead.letters");
    this.deadByAge = new RowGauge(registry, "hub.dead.letters.by.age");
    this.oldestDead = new RowGauge(registry, "hub.dead.letters.oldest", "seconds");
    this.breakers = new RowGauge(registry, "hub.breaker.state");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  void measure() {
    shards.all().forEach(this::read);
    showParked();
    showDead();
    List<Reading> states = new ArrayList<>();
    targets.states((name, state) -> states.add(new Reading(name, Tags.empty(), state)));
    breakers.set(WorstFirst.highest("target", most).rows(states));
  }

  private void read(Shard shard) {
    try {
      parkedOf.put(shard.name(), backlog.parked(shard));
      deadOf.put(shard.name(), backlog.dead(shard));
    } catch (SQLException | RuntimeException e) {
      // The last values stay; hub_server_up tells which shard is away.
      LOG.debug("Backlog of shard {} not measured: {}", shard.name(), e.toString());
    }
  }

  private void showParked() {
    Map<Reading, Double> events = new HashMap<>();
    Map<Reading, Double> heads = new HashMap<>();
    Map<Reading, Double> since = new HashMap<>();
    parkedOf.forEach(
        (shard, all) -> {
          for (Backlog.Parked one : all) {
            Reading tenant = new Reading(one.tenant(), Tags.of(SHARD, shard), 0);
            Reading aged = new Reading(one.tenant(), Tags.of(SHARD, shard, "age", one.age()), 0);
            events.merge(aged, (double) one.events(), Double::sum);
            heads.merge(tenant, (double) one.heads(), Double::sum);
            since.merge(tenant, one.oldestSeconds(), Math::max);
          }
        });
    parked.set(WorstFirst.summed(TENANT, most).rows(readings(events)));
    parkedKeys.set(WorstFirst.summed(TENANT, most).rows(readings(heads)));
    oldest.set(WorstFirst.highest(TENANT, most).rows(readings(since)));
  }

  private void showDead() {
    Map<Reading, Double> classes = new HashMap<>();
    Map<Reading, Double> ages = new HashMap<>();
    Map<Reading, Double> since = new HashMap<>();
    deadOf.forEach(
        (shard, all) -> {
          for (Backlog.Dead one : all) {
            Tags at = Tags.of(SHARD, shard);
            double letters = one.letters();
            classes.merge(
                new Reading(one.tenant(), at.and("class", one.errorClass()), 0),
                letters,
                Double::sum);
            ages.merge(
                new Reading(one.tenant(), at.and("age", one.age()), 0), letters, Double::sum);
            since.merge(new Reading(one.tenant(), at, 0), one.oldestSeconds(), Math::max);
          }
        });
    dead.set(WorstFirst.summed(TENANT, most).rows(readings(classes)));
    deadByAge.set(WorstFirst.summed(TENANT, most).rows(readings(ages)));
    oldestDead.set(WorstFirst.highest(TENANT, most).rows(readings(since)));
  }

  private static List<Reading> readings(Map<Reading, Double> values) {
    List<Reading> readings = new ArrayList<>(values.size());
    values.forEach((row, value) -> readings.add(new Reading(row.name(), row.shared(), value)));
    return readings;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
