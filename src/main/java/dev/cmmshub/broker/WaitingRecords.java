package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts the records of a topic that a consumer group has not committed yet, by tenant. */
public final class WaitingRecords {
  private static final int MOST = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String brokers;

  public WaitingRecords(String brokers) {
    this.brokers = brokers;
  }

  /**
   * Reads what waits, and so takes as long as that. Where more than 200,000 records wait, or they
   * are not read within 5 s, those that were read are counted.
   *
   * @throws org.apache.kafka.common.KafkaException when the broker does not answer
   */
  public Map<String, Long> byTenant(String topic, String group) {
    Map<String, Long> counts = new HashMap<>();
    long begin = System.nanoTime();
    try (Consumer<byte[], byte[]> consumer = consumer(group)) {
      Map<TopicPartition, Long> left = assign(consumer, topic);
      long read = 0;
      while (left.entrySet().stream().anyMatch(p -> consumer.position(p.getKey()) < p.getValue())
          && read < MOST
          && System.nanoTime() - begin < PATIENCE.toNanos()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          Long end = left.get(new TopicPartition(topic, record.partition()));
          if (end != null && record.offset() < end) {
            read++;
            counts.merge(tenant(record), 1L, Long::sum);
          }
        }
      }
    }
    return counts;
  }

  /** Returns where each partition that has something waiting ends now. */
  private static Map<TopicPartition, Long> assign(Consumer<byte[], byte[]> consumer, String topic) {
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(partitions));
    Map<TopicPartition, Long> from = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata done = committed.get(partition);
      from.put(
          partition,
          Math.max(begins.get(partition), done == null ? begins.get(partition) : done.offset()));
    }
    left.keySet().removeIf(partition -> from.get(partition) >= left.get(partition));
    consumer.assign(left.keySet());
    left.keySet().forEach(partition -> consumer.seek(partition, from.get(partition)));
    return left;
  }

  private Consumer<byte[], byte[]> consumer(String group) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            brokers,
            "group.id",
            group,
            "client.id",
            "hub-waiting",
            "enable.auto.commit",
            "false",
            "default.api.timeout.ms",
            4000,
            "max.poll.records",
            5000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static String tenant(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader("ce_tenantid");
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
