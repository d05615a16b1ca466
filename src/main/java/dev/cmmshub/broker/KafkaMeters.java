package dev.cmmshub.broker;

import dev.cmmshub.message.Daemons;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.MetricName;

/**
 * What Kafka's own clients measure of themselves, by client and topic. Of their several hundred
 * meters a few are kept, and none by partition or node.
 */
public final class KafkaMeters implements AutoCloseable {
  private static final String PREFIX = "kafka.";
  private static final Set<String> KEPT =
      Set.of(
          "kafka.producer.record.send.total",
          "kafka.producer.record.error.total",
          "kafka.producer.record.retry.total",
          "kafka.producer.request.latency.avg",
          "kafka.producer.buffer.available.bytes",
          "kafka.producer.connection.count",
          "kafka.consumer.fetch.manager.records.consumed.total",
          "kafka.consumer.coordinator.assigned.partitions",
          "kafka.consumer.coordinator.rebalance.total",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.coordinator.commit.latency.avg",
          "kafka.consumer.last.poll.seconds.ago",
          "kafka.consumer.connection.count");
  private static final Set<String> TOO_FINE = Set.of("partition", "node.id");

  private final MeterRegistry registry;
  private final ScheduledExecutorService refresh = Daemons.ticker("kafka-meters");
  private final Map<Object, KafkaClientMetrics> clients = new ConcurrentHashMap<>();
  private final Map<Object, String> names = new ConcurrentHashMap<>();

  /**
   * @param registry has no Kafka meters yet
   */
  public KafkaMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.config().meterFilter(new Few());
  }

  /** Tells of a producer until it is forgotten. */
  public void watch(Producer<?, ?> producer) {
    Tag number = number(producer, producer.metrics().keySet());
    bind(producer, new KafkaClientMetrics(producer, List.of(number), refresh));
  }

  /** Tells of a consumer until it is forgotten. */
  public void watch(Consumer<?, ?> consumer) {
    Tag number = number(consumer, consumer.metrics().keySet());
    bind(consumer, new KafkaClientMetrics(consumer, List.of(number), refresh));
  }

  /** Consumers of one group may bear one name: the lowest number that no other has is its label. */
  private synchronized Tag number(Object client, Set<MetricName> metrics) {
    String id =
        metrics.stream()
            .map(name -> name.tags().get("client-id"))
            .filter(Objects::nonNull)
            .findAny()
            .orElse("");
    int number = 1;
    while (names.containsValue(id + '|' + number)) {
      number++;
    }
    names.put(client, id + '|' + number);
    return Tag.of("number", Integer.toString(number));
  }

  private void bind(Object client, KafkaClientMetrics metrics) {
    metrics.bindTo(registry);
    clients.put(client, metrics);
  }

  /** The client ends; its meters go. */
  public void forget(Object client) {
    names.remove(client);
    KafkaClientMetrics metrics = clients.remove(client);
    if (metrics != null) {
      metrics.close();
    }
  }

  @Override
  public void close() {
    clients.keySet().forEach(this::forget);
    refresh.shutdownNow();
  }

  /** Keeps what is listed; the version of the client is no label. */
  private static final class Few implements MeterFilter {
    @Override
    public MeterFilterReply accept(Meter.Id id) {
      if (!id.getName().startsWith(PREFIX)) {
        return MeterFilterReply.NEUTRAL;
      }
      return KEPT.contains(id.getName())
              && id.getTags().stream().map(Tag::getKey).noneMatch(TOO_FINE::contains)
          ? MeterFilterReply.NEUTRAL
          : MeterFilterReply.DENY;
    }
  }
}
