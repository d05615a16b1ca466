package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The topic failures wait in until they get a verdict: the event's own bytes and attributes, and
 * what went wrong as {@code hub_*} headers.
 */
public final class ErrorQueue {
  private static final String STAGE = "hub_stage";
  private static final String CLASS = "hub_error_class";
  private static final String REASON = "hub_reason";
  private static final String STATUS = "hub_status";
  private static final String RETRY_AFTER = "hub_retry_after_ms";
  private static final String SUBSCRIPTION = "hub_subscription";
  private static final String ATTEMPT = "hub_attempt";
  private static final String RULE = "hub_rule";
  private static final String OUTCOME_UNKNOWN = "hub_outcome_unknown";

  private final EventPublisher publisher;
  private final Topics topics;

  public ErrorQueue(EventPublisher publisher, Topics topics) {
    this.publisher = publisher;
    this.topics = topics;
  }

  /** Completes when all failures are safe in {@code hub.error}. */
  public CompletableFuture<Void> add(Collection<FailedEvent> failures) {
    return publisher.publish(records(topics.error(), failures));
  }

  /** Completes when all are safe in {@code hub.dead-letter}. */
  public CompletableFuture<Void> bury(Collection<FailedEvent> failures) {
    return publisher.publish(records(topics.deadLetter(), failures));
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      String topic, Collection<FailedEvent> failures) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(failures.size());
    for (FailedEvent failed : failures) {
      ProducerRecord<byte[], byte[]> record = CloudEventHeaders.toRecord(topic, failed.event());
      write(failed, record.headers());
      records.add(record);
    }
    return records;
  }

  private static void write(FailedEvent failed, Headers headers) {
    Failure failure = failed.failure();
    headers.add(STAGE, failure.stage().getBytes(UTF_8));
    headers.add(CLASS, failure.errorClass().getBytes(UTF_8));
    headers.add(REASON, failure.reason().getBytes(UTF_8));
    headers.add(STATUS, Integer.toString(failure.status()).getBytes(UTF_8));
    headers.add(ATTEMPT, Integer.toString(failed.attempt()).getBytes(UTF_8));
    if (failure.retryAfter() != null) {
      headers.add(RETRY_AFTER, Long.toString(failure.retryAfter().toMillis()).getBytes(UTF_8));
    }
    if (failure.subscription() != null) {
      headers.add(SUBSCRIPTION, failure.subscription().getBytes(UTF_8));
    }
    if (failure.rule() != null) {
      headers.add(RULE, failure.rule().getBytes(UTF_8));
    }
    if (failure.unknown()) {
      headers.add(OUTCOME_UNKNOWN, "true".getBytes(UTF_8));
    }
  }

  static FailedEvent read(Headers headers, Event event) {
    String retryAfter = text(headers, RETRY_AFTER, null);
    return new FailedEvent(
        event,
        new Failure(
            text(headers, STAGE, "transform"),
            text(headers, CLASS, "internal"),
            text(headers, REASON, ""),
            Integer.parseInt(text(headers, STATUS, "0")),
            retryAfter == null ? null : Duration.ofMillis(Long.parseLong(retryAfter)),
            text(headers, SUBSCRIPTION, null),
            text(headers, RULE, null),
            Boolean.parseBoolean(text(headers, OUTCOME_UNKNOWN, "false"))),
        Integer.parseInt(text(headers, ATTEMPT, "1")));
  }

  private static String text(Headers headers, String name, String otherwise) {
    Header header = headers.lastHeader(name);
    return header == null ? otherwise : new String(header.value(), UTF_8);
  }
}
