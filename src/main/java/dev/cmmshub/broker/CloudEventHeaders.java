package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Moments;
import dev.cmmshub.message.Origin;
import dev.cmmshub.message.TraceParent;
import java.time.DateTimeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * CloudEvents 1.0 in Kafka binary mode: attributes as {@code ce_*} headers, the value untouched.
 *
 * <p>Source: CloudEvents Kafka protocol binding 1.0.2, section 3.2; extensions {@code tenantid},
 * {@code partitionkey}, {@code sourceversion}, {@code correlationid}, {@code causationid}, {@code
 * receivedby}, {@code apiversion}. Beside them {@code traceparent}, as OpenTelemetry has it: it
 * names the step before.
 */
public final class CloudEventHeaders {
  private static final byte[] SPEC_VERSION = "1.0".getBytes(UTF_8);

  private CloudEventHeaders() {}

  /** A record keyed by the business object, so that one partition holds all of its events. */
  public static ProducerRecord<byte[], byte[]> toRecord(String topic, Event event) {
    byte[] key = event.key().toString().getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, null, key, event.data());
    write(event, key, record.headers());
    return record;
  }

  private static void write(Event event, byte[] key, Headers headers) {
    headers.add("ce_specversion", SPEC_VERSION);
    headers.add("ce_id", event.id().getBytes(UTF_8));
    headers.add("ce_type", event.type().getBytes(UTF_8));
    headers.add("ce_source", event.key().source().getBytes(UTF_8));
    headers.add("ce_subject", event.subject().getBytes(UTF_8));
    headers.add("ce_time", Moments.text(event.time()).getBytes(UTF_8));
    headers.add("ce_tenantid", event.key().tenant().getBytes(UTF_8));
    headers.add("ce_partitionkey", key);
    headers.add("ce_sourceversion", Long.toString(event.version()).getBytes(UTF_8));
    headers.add("ce_correlationid", event.correlationId().getBytes(UTF_8));
    headers.add("content-type", event.contentType().getBytes(UTF_8));
    if (event.causationId() != null) {
      headers.add("ce_causationid", event.causationId().getBytes(UTF_8));
    }
    if (event.trace() != null) {
      headers.add(TraceParent.HEADER, event.trace().value().getBytes(UTF_8));
    }
    if (event.origin().receivedBy() != null) {
      headers.add("ce_receivedby", event.origin().receivedBy().getBytes(UTF_8));
    }
    if (event.origin().api() != null) {
      headers.add("ce_apiversion", event.origin().api().getBytes(UTF_8));
    }
    if (event.dataSchema() != null) {
      headers.add("ce_dataschema", event.dataSchema().getBytes(UTF_8));
    }
  }

  /**
   * Reads a record back.
   *
   * @throws IllegalArgumentException when the record is not one of the hub's events
   */
  public static Event toEvent(Headers headers, byte[] value) {
    Reader reader = new Reader();
    for (Header header : headers) {
      reader.accept(header);
    }
    return reader.event(value);
  }

  /** Collects the attributes in one pass over the headers. */
  private static final class Reader {
    private String id;
    private String type;
    private String subject;
    private String key;
    private String version = "0";
    private String time;
    private String contentType = "application/json";
    private String dataSchema;
    private String correlationId;
    private String causationId;
    private TraceParent trace;
    private String receivedBy;
    private String api;

    void accept(Header header) {
      switch (header.key()) {
        case "ce_id" -> id = text(header);
        case "ce_type" -> type = text(header);
        case "ce_subject" -> subject = text(header);
        case "ce_partitionkey" -> key = text(header);
        case "ce_sourceversion" -> version = text(header);
        case "ce_time" -> time = text(header);
        case "ce_correlationid" -> correlationId = text(header);
        case "ce_causationid" -> causationId = text(header);
        case "ce_receivedby" -> receivedBy = text(header);
        case "ce_apiversion" -> api = text(header);
        case "ce_dataschema" -> dataSchema = text(header);
        case TraceParent.HEADER -> trace = TraceParent.read(text(header));
        case "content-type" -> contentType = text(header);
        default -> {
          // Derived from the others, or another producer's own.
        }
      }
    }

    Event event(byte[] value) {
      if (key == null || time == null) {
        throw new IllegalArgumentException(
            "not an event of the hub: header ce_partitionkey or ce_time is missing");
      }
      try {
        return new Event(
            id,
            type,
            subject,
            EventKey.parse(key),
            Long.parseLong(version),
            Moments.read(time),
            contentType,
            dataSchema,
            correlationId,
            causationId,
            trace,
            Origin.of(receivedBy, api),
            value);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("header ce_time: expected RFC 3339", e);
      }
    }

    private static String text(Header header) {
      return header.value() == null ? "" : new String(header.value(), UTF_8);
    }
  }
}
