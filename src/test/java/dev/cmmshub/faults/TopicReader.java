package dev.cmmshub.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the hub's topics from outside, in no group of its own. */
final class TopicReader implements AutoCloseable {
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;

  TopicReader(String brokers) {
    admin = Admin.create(Map.of("bootstrap.servers", brokers));
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** The topics there are. */
  Set<String> names() {
    return consumer.listTopics().keySet();
  }

  /** All events of a topic as {@code tenant/event id}, those of one object in their order. */
  List<String> all(String topic) {
    return read(topic, Map.of());
  }

  /** The events of a topic that a group has not committed yet. */
  List<String> uncommitted(String topic, String group) {
    try {
      Map<TopicPartition, Long> from = new HashMap<>();
      for (Map.Entry<TopicPartition, OffsetAndMetadata> committed :
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
        if (committed.getValue() != null) {
          from.put(committed.getKey(), committed.getValue().offset());
        }
      }
      return read(topic, from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The names of a group's consumers; who leaves and joins again has another one. */
  Set<String> members(String group) {
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get()
          .members()
          .stream()
          .map(MemberDescription::consumerId)
          .collect(Collectors.toSet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> read(String topic, Map<TopicPartition, Long> from) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    partitions.forEach(partition -> consumer.seek(partition, from.getOrDefault(partition, 0L)));
    List<String> events = new ArrayList<>();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      consumer.poll(Duration.ofMillis(200)).forEach(record -> events.add(event(record)));
    }
    return events;
  }

  private static String event(ConsumerRecord<byte[], byte[]> record) {
    return header(record, "ce_tenantid") + '/' + header(record, "ce_id");
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }
}
