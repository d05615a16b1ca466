package dev.cmmshub.gateway.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.message.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of CloudEvents' HTTP binding and JSON format, version 1.0.2. */
class CloudEventFormatsTest {
  private static final String REQUIRED =
      "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/erp\",\"type\":\"t\"";

  private static CloudEvent structured(String more) {
    return StructuredMode.read(("{" + REQUIRED + more + "}").getBytes(UTF_8));
  }

  private static CloudEvent binary(String name, String value) {
    Map<String, String> headers =
        new HashMap<>(
            Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/erp", "ce-type", "t"));
    headers.put(name, value);
    return BinaryMode.read(headers::get, "application/json", "{}".getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Euro%20%E2%82%AC%20%F0%9F%98%80 | `Euro € 😀`",
        "plain | plain",
        "%41%2f%2F | A//",
        "`\"quoted \\\"text\\\"\"` | `quoted \"text\"`",
        "`\"a%20b\"` | `a b`",
        "%2541 | %41"
      })
  void aHeaderIsUnquotedAndDecodedOnce(String header, String value) {
    assertThat(binary("ce-subject", header).subject()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%C0%A0",
        "%FF",
        "%ED%A0%80",
        "100%",
        "%4",
        "%GG",
        "\"open",
        "\"open\\\"",
        "M\u00fcll",
        "%0D%0AX-Evil:%201",
        "%00",
        "%7F",
        "%C2%80",
        "%EF%BF%BE",
        "a\nb"
      })
  void aHeaderThatIsNoTextIsRefused(String header) {
    assertThatThrownBy(() -> binary("ce-subject", header))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("ce-subject: expected ");
  }

  @Test
  void theBytesOfTheDataAreNotTouched() {
    String data = "{ \"a\" : 1.500,\t\"b\":[1 , {}],\"c\":\"\\u00e9é\" }";
    for (String more : List.of(",\"data\":" + data, ",\"x\":[1,{\"data\":2}],\"data\": " + data)) {
      assertThat(new String(structured(more).data(), UTF_8)).isEqualTo(data);
    }
    byte[] marked = ("\uFEFF{" + REQUIRED + ",\"data\":" + data + "}").getBytes(UTF_8);
    assertThat(new String(StructuredMode.read(marked).data(), UTF_8)).isEqualTo(data);
    byte[] batch = ("[{" + REQUIRED + ",\"data\":" + data + "} , {}]").getBytes(UTF_8);
    List<EventObject> events = StructuredMode.readBatch(batch);
    assertThat(events).hasSize(2);
    assertThat(new String(events.get(0).toEvent().data(), UTF_8)).isEqualTo(data);
    assertThatThrownBy(() -> events.get(1).toEvent()).hasMessageStartingWith("specversion: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"datacontenttype\":\"text/xml\",\"data\":\"<a>é</a>\"` | `<a>é</a>`",
        "`\"data\":\"<a/>\",\"datacontenttype\":\"text/xml\"` | <a/>",
        "`\"data\":\"text\"` | `\"text\"`",
        "`\"datacontenttype\":\"application/vnd.a+json\",\"data\":7` | 7",
        "`\"data_base64\":\"eyJhIjoxfQ==\"` | `{\"a\":1}`",
        "`\"datacontenttype\":\"text/xml\",\"data_base64\":\"PGEvPg==\"` | <a/>",
        "`\"data\":null` | ``"
      })
  void dataIsReadAsItsTypeSays(String more, String data) {
    assertThat(new String(structured("," + more).data(), UTF_8)).isEqualTo(data);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"data\":{},\"data_base64\":\"e30=\"` | `data_base64: expected alone`",
        "`\"data_base64\":\"%%\"` | `data_base64: expected Base64`",
        "`\"data_base64\":7` | `data_base64: expected a text`",
        "`\"datacontenttype\":\"text/xml\",\"data\":{}` | `data: expected a text`",
        "`\"subject\":{\"a\":1}` | `subject: expected a text`",
        "`\"subject\":\"a\\r\\nb\"` | `subject: expected no control characters`",
        "`\"subject\":\"\\ud800\"` | `subject: expected no control characters`",
        "`\"time\":\"yesterday\"` | `time: expected RFC 3339`",
        "`\"id\":\"2\"` | `not valid JSON at line 1, column `",
        "`\"kafka.OVERRIDE_TOPIC\":\"a\",\"kafka.OVERRIDE_TOPIC\":\"b\"` | `not valid JSON at`",
        "`\"data\":{\"a\":1,\"a\":2}` | `not valid JSON at`"
      })
  void whatBreaksTheRulesIsNamed(String more, String message) {
    assertThatThrownBy(() -> structured("," + more))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({
    "specversion, 0.3, expected 1.0",
    "specversion, , 'missing, expected 1.0'",
    "id, , missing",
    "type, , missing",
    "source, , missing",
    "source, 'a b', expected a URI reference"
  })
  void requiredAttributesAreNamedInBothModes(String name, String value, String expected) {
    String json = ("{" + REQUIRED + "}").replaceFirst("\"" + name + "\":\"[^\"]*\"", "\"x\":1");
    if (value != null) {
      json = json.replace("\"x\":1", "\"" + name + "\":\"" + value + "\"");
    }
    byte[] document = json.getBytes(UTF_8);
    assertThatThrownBy(() -> StructuredMode.read(document))
        .hasMessageStartingWith(name + ": " + expected);
    assertThatThrownBy(() -> binary("ce-" + name, value))
        .hasMessageStartingWith("ce-" + name + ": " + expected);
  }

  @Test
  void extensionsOfOthersAreIgnored() {
    CloudEvent event =
        structured(",\"traceparent\":\"00-a\",\"mine\":true,\"kafka.KEY\":[[{}]],\"data\":{}");
    assertThat(event).extracting(CloudEvent::id, CloudEvent::source).containsExactly("1", "/erp");
  }

  @Test
  void otherEncodingsAndWhatFollowsAreRefused() {
    String event = "{" + REQUIRED + "}";
    for (byte[] body :
        List.of(
            event.getBytes(UTF_16),
            event.getBytes(UTF_16LE),
            (event + "{}").getBytes(UTF_8),
            "[]".repeat(1).concat("x").getBytes(UTF_8),
            "".getBytes(UTF_8))) {
      assertThatThrownBy(() -> StructuredMode.read(body)).isInstanceOf(ProblemException.class);
      assertThatThrownBy(() -> StructuredMode.readBatch(body)).isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void aBatchHoldsAtMost500() {
    String events = "{},".repeat(StructuredMode.MOST - 1) + "{}";
    assertThat(StructuredMode.readBatch(("[" + events + "]").getBytes(UTF_8))).hasSize(500);
    assertThatThrownBy(() -> StructuredMode.readBatch(("[" + events + ",{}]").getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(413));
    assertThat(StructuredMode.readBatch("[]".getBytes(UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "application/cloudevents+json, true",
        "Application/CloudEvents+JSON; charset=UTF-8, true",
        "application/cloudevents-batch+json;charset=\"utf-8\", true",
        "application/json; charset=iso-8859-1, false",
        "text/xml, false"
      })
  void theContentTypeTellsTheMode(String contentType, boolean structured) {
    assertThat(StructuredMode.is(contentType)).isEqualTo(structured);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+json; charset=iso-8859-1",
        "application/cloudevents+avro",
        "application/cloudevents",
        "application/cloudevents-batch+json; a=b; charset=utf-16"
      })
  void otherFormatsAndCharsetsAreRefused(String contentType) {
    assertThatThrownBy(() -> StructuredMode.is(contentType))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(415));
  }
}
