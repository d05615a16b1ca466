package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.TraceParent;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventHeadersTest {
  private static final byte[] DATA = {0, (byte) 0xff, '{', '\n'};

  static Stream<Event> events() {
    EventKey plain = new EventKey("acme", "sap", "workorder", "4711");
    EventKey odd = new EventKey("a", "b-2", "part", "M\u00fcller|\ud83d\ude00\n1");
    Instant precise = Instant.parse("2026-03-06T10:15:30.123456789Z");
    Event untraced =
        new Event(
            "id-1",
            Event.type("workorder", "released"),
            "workorder/x",
            plain,
            7,
            precise,
            "application/json",
            null,
            "c-1",
            null,
            DATA);
    return Stream.of(
        untraced,
        untraced.withTrace(TraceParent.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")),
        new Event(
            "id-2",
            "t",
            "part/" + odd.externalId(),
            odd,
            Long.MIN_VALUE,
            Instant.EPOCH,
            "text/xml; charset=utf-8",
            "https://example.com/s",
            "",
            "id-1",
            new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("events")
  void whatIsWrittenIsReadBack(Event event) {
    ProducerRecord<byte[], byte[]> record = CloudEventHeaders.toRecord("hub.inbound", event);
    assertThat(record.value()).as("never copied").isSameAs(event.data());
    assertThat(record.key()).isEqualTo(event.key().toString().getBytes(UTF_8));
    assertThat(CloudEventHeaders.toEvent(record.headers(), record.value())).isEqualTo(event);
  }

  @Test
  void somebodyElsesTraceparentThatIsNoneIsLeftOut() {
    Event event = events().toList().get(0);
    ProducerRecord<byte[], byte[]> record = CloudEventHeaders.toRecord("hub.inbound", event);
    record.headers().add("traceparent", "00-1\r\nX-Evil: 1".getBytes(UTF_8));
    assertThat(CloudEventHeaders.toEvent(record.headers(), record.value())).isEqualTo(event);
  }

  /** The same attributes travel through the shard as JSON. */
  @ParameterizedTest
  @MethodSource("events")
  void attributesAsJsonAreReadBack(Event event) {
    assertThat(EventAttributes.toEvent(EventAttributes.toJson(event), event.data()))
        .isEqualTo(event);
  }

  @Test
  void theHeadersAreThoseOfTheSpecification() {
    Map<String, String> headers = new HashMap<>();
    for (Header header : CloudEventHeaders.toRecord("t", events().toList().get(0)).headers()) {
      assertThat(headers.put(header.key(), new String(header.value(), UTF_8))).isNull();
    }
    assertThat(headers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("ce_specversion", "1.0"),
                Map.entry("ce_id", "id-1"),
                Map.entry("ce_type", "dev.cmmshub.workorder.released.v1"),
                Map.entry("ce_source", "/tenants/acme/systems/sap"),
                Map.entry("ce_subject", "workorder/x"),
                Map.entry("ce_time", "2026-03-06T10:15:30.123456789Z"),
                Map.entry("ce_tenantid", "acme"),
                Map.entry("ce_partitionkey", "acme|sap|workorder|4711"),
                Map.entry("ce_sourceversion", "7"),
                Map.entry("ce_correlationid", "c-1"),
                Map.entry("content-type", "application/json")));
  }

  private static Headers headers() {
    return new RecordHeaders(
        CloudEventHeaders.toRecord("t", events().toList().get(0)).headers().toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ce_id",
        "ce_type",
        "ce_subject",
        "ce_time",
        "ce_partitionkey",
        "ce_correlationid"
      })
  void aRecordWithoutAnAttributeIsNoEvent(String header) {
    Headers headers = headers().remove(header);
    assertThatThrownBy(() -> CloudEventHeaders.toEvent(headers, DATA))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ce_time, yesterday",
    "ce_time, ''",
    "ce_sourceversion, seven",
    "ce_sourceversion, 9223372036854775808",
    "ce_partitionkey, acme",
    "ce_partitionkey, ACME|sap|workorder|1"
  })
  void aRecordWithAnAttributeOfAnotherShapeIsNoEvent(String header, String value) {
    Headers headers = headers().remove(header).add(header, value.getBytes(UTF_8));
    assertThatThrownBy(() -> CloudEventHeaders.toEvent(headers, DATA))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void headersOfOthersAndEmptyOnesDoNoHarm() {
    Headers headers = headers().add("traceparent", null).add("ce_other", new byte[] {(byte) 0xff});
    assertThat(CloudEventHeaders.toEvent(headers, DATA)).isEqualTo(events().toList().get(0));
  }
}
