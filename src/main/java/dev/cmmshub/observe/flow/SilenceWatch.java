package dev.cmmshub.observe.flow;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.store.Flow;
import dev.cmmshub.store.FlowRows;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.FlowStage;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks every 10 s whether flows have fallen silent, by what {@code tenants.yaml} says of them,
 * else by what is usual at the hour of the week. All nodes see the same, since it is in the shards.
 */
public final class SilenceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);
  private static final int PERIOD_SECONDS = 10;
  private static final Duration REMEMBERED = Duration.ofDays(36);

  /**
   * Minutes with traffic that have to be missing. If traffic comes at random, a flow that is alive
   * misses so many once in a million times.
   */
  private static final double MISSED_MINUTES = 14;

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final Clock clock;
  private final Silence silence = new Silence();
  private final Map<String, List<FlowReport>> byShard = new ConcurrentSkipListMap<>();
  private final ScheduledExecutorService ticker = Daemons.ticker("silence-watch");
  private Set<Flow> told = Set.of();

  public SilenceWatch(Supplier<Tenants> tenants, Shards shards, Clock clock) {
    this.tenants = tenants;
    this.shards = shards;
    this.clock = clock;
  }

  /** Looks from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::look, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
    ticker.scheduleWithFixedDelay(this::forget, 1, 60, TimeUnit.MINUTES);
  }

  /** How every flow stood when it was last looked at, by shard, tenant and name. */
  public List<FlowReport> all() {
    return byShard.values().stream().flatMap(List::stream).toList();
  }

  void look() {
    Instant now = clock.instant();
    shards
        .byShard(tenants.get().all())
        .forEach(
            (shard, owners) -> {
              try {
                byShard.put(shard.name(), reports(shard, owners, now));
              } catch (SQLException | RuntimeException e) {
                // What was known of it stays; health tells what is away.
                LOG.debug("Shard {}: flows not looked at: {}", shard.name(), e.toString());
              }
            });
    tell();
  }

  private List<FlowReport> reports(Shard shard, List<Tenant> owners, Instant now)
      throws SQLException {
    return shard.transaction(
        owners.stream().map(Tenant::id).toList(),
        connection -> {
          Map<String, List<FlowRows.State>> states =
              FlowRows.all(connection).stream()
                  .collect(Collectors.groupingBy(state -> state.flow().tenant()));
          Set<Flow> missed =
              FlowRows.missed(connection, now, MISSED_MINUTES).stream()
                  .map(FlowRows.State::flow)
                  .collect(Collectors.toSet());
          List<FlowReport> reports = new ArrayList<>();
          for (Tenant tenant : owners) {
            for (FlowReport report :
                silence.of(tenant, states.getOrDefault(tenant.id(), List.of()), missed, now)) {
              reports.add(
                  report.silent()
                      ? report.waitingSince(FlowRows.waiting(connection, report.flow()))
                      : report);
            }
          }
          return reports;
        });
  }

  /** Once when it falls silent, once when it flows again. */
  private void tell() {
    Set<Flow> silent = new HashSet<>();
    for (FlowReport report : all()) {
      if (report.silent() && silent.add(report.flow()) && !told.contains(report.flow())) {
        LogFields.action(about(LOG.atWarn(), report.flow()), "silent", false)
            .log(
                "{} is silent: last success {}, {}",
                words(report.flow()),
                report.last().map(Instant::toString).orElse("never"),
                report
                    .within()
                    .map(within -> "expected within " + within)
                    .orElse("usually not at this hour of the week"));
      }
    }
    told.stream()
        .filter(flow -> !silent.contains(flow))
        .forEach(
            flow ->
                LogFields.action(about(LOG.atInfo(), flow), "flowing", true)
                    .log("{} flows again", words(flow)));
    told = silent;
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, Flow flow) {
    LoggingEventBuilder whose =
        flow.stage() == FlowStage.APPLIED
            ? LogFields.system(line, flow.tenant(), flow.party())
            : LogFields.subscription(line, flow.tenant(), flow.party());
    return whose.addKeyValue("labels.entity", flow.entity());
  }

  private static String words(Flow flow) {
    return "Flow "
        + flow.entity()
        + ' '
        + flow.stage().text()
        + (flow.stage() == FlowStage.APPLIED ? " from " : " to ")
        + flow.party()
        + " of tenant "
        + flow.tenant();
  }

  private void forget() {
    Instant before = clock.instant().minus(REMEMBERED);
    shards
        .byShard(tenants.get().all())
        .forEach(
            (shard, owners) -> {
              try {
                shard.<Void>transaction(
                    owners.stream().map(Tenant::id).toList(),
                    connection -> {
                      FlowRows.forget(connection, before);
                      return null;
                    });
              } catch (SQLException | RuntimeException e) {
                LOG.debug("Shard {}: old hours stay: {}", shard.name(), e.toString());
              }
            });
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
