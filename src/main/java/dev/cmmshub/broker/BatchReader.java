package dev.cmmshub.broker;

import dev.cmmshub.broker.HubKafkaClientFactory.Position;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the records a camel-kafka consumer collected into a batch that is tracked until done. */
public final class BatchReader {
  private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);

  /** The variable a route's batch stays in, whatever its steps make of the body. */
  static final String BATCH = "batch";

  private final EventPublisher publisher;
  private final Topics topics;

  public BatchReader(EventPublisher publisher, Topics topics) {
    this.publisher = publisher;
    this.topics = topics;
  }

  /**
   * Leaves the batch as body. Records that are not events of the hub go to the dead-letter topic as
   * they are; the batch is not done before they arrived there.
   */
  public void read(Exchange exchange) {
    Collector collector = new Collector();
    records(exchange).forEach(collector::addEvent);
    leave(exchange, collector.batch());
  }

  /** The same for records of {@code hub.error}: what failed is in {@link EventBatch#failures}. */
  public void readFailures(Exchange exchange) {
    Collector collector = new Collector();
    records(exchange).forEach(collector::addFailure);
    leave(exchange, collector.batch());
  }

  private static void leave(Exchange exchange, EventBatch batch) {
    exchange.setVariable(BATCH, batch);
    exchange.getMessage().setBody(batch);
  }

  @SuppressWarnings("unchecked")
  private static List<Exchange> records(Exchange exchange) {
    return (List<Exchange>) exchange.getMessage().getBody();
  }

  /** One batch in the making. */
  private final class Collector {
    private final List<Event> events = new ArrayList<>();
    private final List<FailedEvent> failures = new ArrayList<>(0);
    private final List<ProducerRecord<byte[], byte[]>> foreign = new ArrayList<>(0);
    private final Map<TopicPartition, LongStream.Builder> offsets = new HashMap<>();
    private AcknowledgingConsumer consumer;

    void addEvent(Exchange exchange) {
      Event event = read(exchange.getMessage());
      if (event != null) {
        events.add(event);
      }
    }

    void addFailure(Exchange exchange) {
      Event event = read(exchange.getMessage());
      if (event != null) {
        failures.add(ErrorQueue.read(headers(exchange.getMessage()), event));
      }
    }

    private Event read(Message message) {
      Position position = (Position) message.getHeader(KafkaConstants.MANUAL_COMMIT);
      consumer = position.consumer();
      offsets
          .computeIfAbsent(position.partition(), p -> LongStream.builder())
          .add(position.offset());
      byte[] value = message.getBody() instanceof byte[] bytes ? bytes : new byte[0];
      try {
        return CloudEventHeaders.toEvent(headers(message), value);
      } catch (IllegalArgumentException e) {
        LOG.warn(
            "{} offset {}: {}; moved to {}",
            position.partition(),
            position.offset(),
            e.getMessage(),
            topics.deadLetter());
        foreign.add(
            new ProducerRecord<>(topics.deadLetter(), null, null, null, value, headers(message)));
        return null;
      }
    }

    private static Headers headers(Message message) {
      return (Headers) message.getHeader(KafkaConstants.HEADERS);
    }

    EventBatch batch() {
      CompletableFuture<Void> done = new CompletableFuture<>();
      CompletableFuture<Void> safe =
          foreign.isEmpty() ? done : CompletableFuture.allOf(done, publisher.publish(foreign));
      offsets.forEach(
          (partition, those) -> consumer.track(partition, those.build().toArray(), safe));
      return new EventBatch(events, events, failures, done);
    }
  }
}
