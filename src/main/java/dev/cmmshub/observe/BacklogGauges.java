package dev.cmmshub.observe;

import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.recovery.Backlog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is waiting: lag of the consumer groups, parked events, dead letters, breakers. Every 5 s.
 */
public final class BacklogGauges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogGauges.class);
  private static final int PERIOD_SECONDS = 5;

  private final Admin admin;
  private final Map<String, String> topicByGroup;
  private final Shards shards;
  private final Backlog backlog;
  private final Targets targets;
  private final MultiGauge lag;
  private final MultiGauge parked;
  private final MultiGauge parkedKeys;
  private final MultiGauge oldest;
  private final MultiGauge dead;
  private final MultiGauge breakers;
  private final ScheduledExecutorService ticker = Daemons.ticker("backlog-gauges");

  public BacklogGauges(
      MeterRegistry registry,
      String brokers,
      Topics topics,
      Shards shards,
      Backlog backlog,
      Targets targets) {
    this.admin = Admin.create(Map.of("bootstrap.servers", brokers, "client.id", "hub-backlog"));
    this.topicByGroup =
        Map.of(
            topics.prefix() + "-transform", topics.inbound(),
            topics.prefix() + "-notify", topics.canonical(),
            topics.prefix() + "-retry", topics.error());
    this.shards = shards;
    this.backlog = backlog;
    this.targets = targets;
    this.lag = MultiGauge.builder("hub.lag.records").register(registry);
    this.parked = MultiGauge.builder("hub.parked.events").register(registry);
    this.parkedKeys = MultiGauge.builder("hub.parked.keys").register(registry);
    this.oldest = MultiGauge.builder("hub.parked.oldest").baseUnit("seconds").register(registry);
    this.dead = MultiGauge.builder("hub.dead.letters").register(registry);
    this.breakers = MultiGauge.builder("hub.breaker.state").register(registry);
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    attempt(this::measureLag);
    attempt(this::measureShards);
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    targets.states((name, state) -> rows.add(MultiGauge.Row.of(Tags.of("target", name), state)));
    breakers.register(rows, true);
  }

  /** What is measured in one go. */
  private interface Measurement {
    void take() throws InterruptedException, ExecutionException, TimeoutException, SQLException;
  }

  private static void attempt(Measurement measurement) {
    try {
      measurement.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | SQLException | RuntimeException e) {
      // The last values stay; health tells what is away.
      LOG.debug("Backlog not measured: {}", e.toString());
    }
  }

  private void measureLag() throws InterruptedException, ExecutionException, TimeoutException {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (Map.Entry<String, String> entry : topicByGroup.entrySet()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(entry.getKey())
              .partitionsToOffsetAndMetadata()
              .get(PERIOD_SECONDS, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      long behind = 0;
      for (var end :
          admin.listOffsets(latest).all().get(PERIOD_SECONDS, TimeUnit.SECONDS).entrySet()) {
        behind += end.getValue().offset() - committed.get(end.getKey()).offset();
      }
      rows.add(
          MultiGauge.Row.of(Tags.of("topic", entry.getValue(), "group", entry.getKey()), behind));
    }
    lag.register(rows, true);
  }

  private void measureShards() throws SQLException {
    List<MultiGauge.Row<?>> parkedRows = new ArrayList<>();
    List<MultiGauge.Row<?>> deadRows = new ArrayList<>();
    Map<Tags, Double> heads = new HashMap<>();
    Map<Tags, Double> since = new HashMap<>();
    for (Shard shard : shards.all()) {
      for (Backlog.Parked waiting : backlog.parked(shard)) {
        Tags tags = Tags.of("tenant", waiting.tenant(), "shard", shard.name());
        parkedRows.add(MultiGauge.Row.of(tags.and("age", waiting.age()), waiting.events()));
        heads.merge(tags, (double) waiting.heads(), Double::sum);
        since.merge(tags, waiting.oldestSeconds(), Math::max);
      }
      for (Backlog.Dead letters : backlog.dead(shard)) {
        deadRows.add(
            MultiGauge.Row.of(
                Tags.of(
                    "tenant", letters.tenant(),
                    "class", letters.errorClass(),
                    "shard", shard.name()),
                letters.letters()));
      }
    }
    parked.register(parkedRows, true);
    parkedKeys.register(rows(heads), true);
    oldest.register(rows(since), true);
    dead.register(deadRows, true);
  }

  private static List<MultiGauge.Row<?>> rows(Map<Tags, Double> values) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
    return rows;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    admin.close(java.time.Duration.ZERO);
  }
}
