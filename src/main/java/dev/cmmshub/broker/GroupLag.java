package dev.cmmshub.broker;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How far a consumer group is behind, by its committed offsets, and how old the first record is
 * that it has not committed: read from the topic, so that it is right after a restart and while no
 * consumer runs. Not for several threads.
 */
public final class GroupLag implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration WAIT = Duration.ofMillis(200);

  private final String topic;
  private final Clock clock;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * What waits.
   *
   * @param seconds since the first of it was written; 0 when nothing waits
   */
  public record Lag(long records, double seconds) {}

  public GroupLag(String brokers, String topic, String group, Clock clock) {
    this.topic = topic;
    this.clock = clock;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                brokers,
                "group.id",
                group,
                "client.id",
                "hub-lag-" + topic,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "none",
                "default.api.timeout.ms",
                (int) PATIENCE.toMillis(),
                "max.poll.records",
                1,
                "fetch.max.bytes",
                1,
                "receive.buffer.bytes",
                65_536),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /**
   * Asks the broker.
   *
   * @throws KafkaException when it does not answer within some seconds
   */
  public Lag measure() {
    Map<TopicPartition, Long> waiting = new HashMap<>();
    long records = 0;
    for (Map.Entry<TopicPartition, long[]> entry : bounds().entrySet()) {
      long[] bounds = entry.getValue();
      if (bounds[0] < bounds[1]) {
        waiting.put(entry.getKey(), bounds[0]);
        records += bounds[1] - bounds[0];
      }
    }
    return new Lag(records, waiting.isEmpty() ? 0 : age(waiting));
  }

  /** Of each partition the first offset that is not committed, and the end. */
  private Map<TopicPartition, long[]> bounds() {
    Set<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, long[]> bounds = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata done = committed.get(partition);
      long begin = begins.get(partition);
      bounds.put(
          partition,
          new long[] {done == null ? begin : Math.max(begin, done.offset()), ends.get(partition)});
    }
    return bounds;
  }

  private double age(Map<TopicPartition, Long> from) {
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    Set<TopicPartition> unread = new HashSet<>(from.keySet());
    long oldest = Long.MAX_VALUE;
    long begin = System.nanoTime();
    while (!unread.isEmpty()) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new KafkaException("the first waiting records of " + unread + " were not read");
      }
      for (ConsumerRecord<byte[], byte[]> first : consumer.poll(WAIT)) {
        TopicPartition partition = new TopicPartition(topic, first.partition());
        oldest = Math.min(oldest, first.timestamp());
        unread.remove(partition);
        consumer.pause(List.of(partition));
      }
    }
    consumer.unsubscribe();
    return Math.max(0, (clock.millis() - oldest) / 1e3);
  }

  /** Ends what is being measured, from another thread: it fails at once. */
  public void wake() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
  }
}
