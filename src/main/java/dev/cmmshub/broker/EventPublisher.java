package dev.cmmshub.broker;

import dev.cmmshub.message.Event;
import dev.cmmshub.trace.EventSteps;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes with {@code acks=all} and idempotence, without waiting: the future completes once every
 * record of the call is acknowledged.
 *
 * <p>Never gives up while the broker is away, since a given-up record would break the order of its
 * key; callers stop reading instead (their consumer's batches stay unacknowledged).
 */
public final class EventPublisher implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final Traces traces;

  /**
   * @param spread to how many partitions a tenant's records go
   */
  public EventPublisher(String brokers, int largestMessage, int spread, Traces traces) {
    this.traces = traces;
    Map<String, Object> settings = new HashMap<>(settings(brokers, largestMessage));
    settings.putAll(TenantPartitioner.settings(spread));
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * The settings every producer of the hub shares, so that a baseline can be measured with them.
   */
  public static Map<String, Object> settings(String brokers, int largestMessage) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        brokers,
        ProducerConfig.CLIENT_ID_CONFIG,
        "hub-publisher",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.BATCH_SIZE_CONFIG,
        128 * 1024,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        largestMessage,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        Long.MAX_VALUE,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        Integer.MAX_VALUE);
  }

  /** What Kafka's client measures of itself is told from now on. */
  public void tell(KafkaMeters meters) {
    meters.watch(producer);
  }

  /** Completes when the event is safe in the topic. */
  public CompletableFuture<Void> publish(String topic, Event event) {
    return publish(List.of(CloudEventHeaders.toRecord(topic, event)));
  }

  /** Completes when all events are safe in the topic; keeps their order per key. */
  public CompletableFuture<Void> publishAll(String topic, List<Event> events) {
    EventSteps steps = traces.beginAll("publish", SpanKind.PRODUCER, events);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      Step step = steps.at(i).put(Names.TOPIC, topic);
      records.add(CloudEventHeaders.toRecord(topic, step.carry(events.get(i))));
    }
    CompletableFuture<Void> safe = publish(records);
    return steps.isEmpty() ? safe : safe.whenComplete((done, error) -> steps.end(error));
  }

  /** Completes when all records are safe; fails with the first failure. */
  public CompletableFuture<Void> publish(List<ProducerRecord<byte[], byte[]>> records) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicInteger waiting = new AtomicInteger(records.size());
    if (records.isEmpty()) {
      done.complete(null);
    }
    for (ProducerRecord<byte[], byte[]> record : records) {
      producer.send(
          record,
          (metadata, error) -> {
            if (error != null) {
              done.completeExceptionally(error);
            } else if (waiting.decrementAndGet() == 0) {
              done.complete(null);
            }
          });
    }
    return done;
  }

  @Override
  public void close() {
    producer.close(java.time.Duration.ofSeconds(2));
  }
}
