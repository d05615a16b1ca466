package dev.cmmshub.observe.flow;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.store.Flow;
import dev.cmmshub.store.FlowRows;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the shards what succeeds of each flow, every 5 s: a node that is killed forgets as much
 * of it, and nothing of any event.
 */
public final class FlowRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowRecorder.class);
  private static final int PERIOD_SECONDS = 5;

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final Clock clock;
  private final Map<Flow, FlowTally> tallies = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker = Daemons.ticker("flow-recorder");

  public FlowRecorder(Supplier<Tenants> tenants, Shards shards, Clock clock) {
    this.tenants = tenants;
    this.shards = shards;
    this.clock = clock;
  }

  /** Writes from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::write, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** Something of it succeeded; never waits. */
  public void succeeded(Flow flow) {
    tallies.computeIfAbsent(flow, FlowTally::new).count(clock.millis());
  }

  /** Writes what was counted since the last time. */
  void write() {
    Map<Shard, List<FlowRows.Tally>> byShard = new HashMap<>();
    Tenants now = tenants.get();
    tallies.forEach(
        (flow, tally) -> {
          Optional<Tenant> owner = now.byId(flow.tenant());
          if (owner.isEmpty()) {
            tallies.remove(flow);
            return;
          }
          tally
              .take()
              .ifPresent(
                  taken ->
                      byShard
                          .computeIfAbsent(shards.of(owner.get()), shard -> new ArrayList<>())
                          .add(taken));
        });
    byShard.forEach(this::write);
  }

  private void write(Shard shard, List<FlowRows.Tally> taken) {
    try {
      shard.<Void>transaction(
          taken.stream().map(tally -> tally.flow().tenant()).distinct().toList(),
          connection -> {
            FlowRows.add(connection, taken);
            return null;
          });
    } catch (SQLException | RuntimeException e) {
      // The next time writes it; health tells what is away.
      LOG.debug("Shard {}: flows not noted: {}", shard.name(), e.toString());
      taken.forEach(tally -> tallies.computeIfAbsent(tally.flow(), FlowTally::new).putBack(tally));
    }
  }

  @Override
  public void close() {
    ticker.shutdown();
    write();
  }
}
