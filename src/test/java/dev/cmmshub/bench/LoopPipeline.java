package dev.cmmshub.bench;

import dev.cmmshub.broker.CloudEventHeaders;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.message.Event;
import dev.cmmshub.transform.Transformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What one would write by hand: poll, translate, send, flush, commit; on as many threads as the
 * hub.
 */
final class LoopPipeline implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private volatile boolean running = true;

  /**
   * @param shard null: without the shard
   */
  LoopPipeline(
      String brokers, Transformer transformer, String output, String group, BenchShard shard) {
    producer =
        new KafkaProducer<>(
            EventPublisher.settings(brokers, 12 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    for (int i = 0; i < PipelineBench.THREADS; i++) {
      Thread thread =
          new Thread(() -> run(brokers, transformer, output, group, shard), "loop-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(
      String brokers, Transformer transformer, String output, String group, BenchShard shard) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                brokers,
                "group.id",
                group,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                500,
                "fetch.max.bytes",
                12 << 20,
                "max.partition.fetch.bytes",
                12 << 20),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("bench.inbound"));
      while (running) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
        if (!records.isEmpty()) {
          handle(transformer, output, shard, records);
          consumer.commitSync();
        }
      }
    }
  }

  private void handle(
      Transformer transformer,
      String output,
      BenchShard shard,
      ConsumerRecords<byte[], byte[]> records) {
    List<Event> translated = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      translated.add(
          transformer.translate(CloudEventHeaders.toEvent(record.headers(), record.value())));
    }
    if (shard != null) {
      shard.write(translated);
    }
    for (Event event : translated) {
      producer.send(CloudEventHeaders.toRecord(output, event));
    }
    producer.flush();
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join();
    }
    producer.close();
  }
}
