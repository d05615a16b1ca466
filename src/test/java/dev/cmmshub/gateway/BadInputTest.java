package dev.cmmshub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import dev.cmmshub.TestTenants;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What bad input gets. Each case is a row of the table in docs/security.md, and requests are
 * written byte by byte, since a well-behaved client would not send them.
 */
class BadInputTest {
  private static final String GOOD = good();

  private static String good() {
    try {
      return Files.readString(
          Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A request and the row it stands for. */
  record Case(String row, String request, byte[] body) {
    @Override
    public String toString() {
      return row;
    }
  }

  private static Case post(String row, String target, String headers, String body) {
    return post(row, target, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Case post(String row, String target, String headers, byte[] body) {
    return new Case(row, "POST " + target + " HTTP/1.1\r\nHost: hub\r\n" + headers, body);
  }

  static Stream<Case> cases() {
    String key = "X-API-Key: " + TestHub.shared().key("river") + "\r\n";
    String json = key + "Content-Type: application/json\r\n";
    String soapKey = "X-API-Key: " + TestHub.shared().key("harbor") + "\r\n";
    String xml = soapKey + "Content-Type: text/xml\r\n";
    byte[] invalidUtf8 = GOOD.getBytes(StandardCharsets.UTF_8);
    invalidUtf8[GOOD.indexOf("\"name\"") + 9] = (byte) 0xC3;
    invalidUtf8[GOOD.indexOf("\"name\"") + 10] = (byte) 0x28;
    byte[] huge = new byte[11 << 20];
    Arrays.fill(huge, (byte) ' ');
    return Stream.of(
        post("no key | 401 | unauthorized", "/v1/events/odoo", "", GOOD),
        post("a wrong key | 401 | unauthorized", "/v1/events/odoo", "X-API-Key: nope\r\n", GOOD),
        post(
            "a key that is over | 401 | key-expired",
            "/v1/events/odoo",
            "X-API-Key: " + TestTenants.EXPIRED_KEY + "\r\n",
            GOOD),
        post("a system the tenant has not | 404 | unknown-system", "/v1/events/sap2", json, GOOD),
        post("an empty body | 400 | empty-body", "/v1/events/odoo", json, ""),
        post("JSON cut short | 400 | malformed", "/v1/events/odoo", json, GOOD.substring(0, 80)),
        post("bytes that are not UTF-8 | 400 | malformed", "/v1/events/odoo", json, invalidUtf8),
        post(
            "a key twice in an object | 400 | malformed",
            "/v1/events/odoo",
            json,
            "{\"_model\":\"a\",\"_model\":\"b\"}"),
        post(
            "100,000 levels of JSON | 400 | malformed",
            "/v1/events/odoo",
            json,
            "[".repeat(100_000)),
        post(
            "a number of 1 MB | 400 | malformed",
            "/v1/events/odoo",
            json,
            "{\"a\":" + "9".repeat(1 << 20) + "}"),
        post(
            "JSON of an unknown shape | 422 | unknown-event",
            "/v1/events/odoo",
            json,
            "{\"hello\":\"world\"}"),
        post(
            "U+0000 in the id of an object | 422 | no-key",
            "/v1/events/odoo",
            json,
            "{\"_model\":\"maintenance.request\",\"_id\":\"4\\u00007\",\"id\":\"4\\u00007\","
                + "\"write_date\":\"2026-03-06 13:42:17\"}"),
        post(
            "a content type the connector does not read | 415 | unsupported-media-type",
            "/v1/events/odoo",
            key + "Content-Type: text/csv\r\n",
            "a;b"),
        post(
            "a body of 3 MB (the tenant's limit is 2 MB) | 413 | too-large",
            "/v1/events/odoo",
            json,
            Arrays.copyOf(huge, 3 << 20)),
        post("a body of 11 MB | 413 | http-413", "/v1/events/odoo", json, huge),
        post("an unknown path | 404 | http-404", "/v1/nothing/here/at/all", json, GOOD),
        new Case(
            "a path that only begins like one | 404 | unknown-entity",
            "GET /v1/eventsx/odoo HTTP/1.1\r\nHost: hub\r\n" + key,
            new byte[0]),
        new Case(
            "a method the path does not take | 405 | http-405",
            "DELETE /v1/workorder HTTP/1.1\r\nHost: hub\r\n" + key,
            new byte[0]),
        post(
            "an absolute-form target | 400 | http-400",
            "http://evil.example/v1/events/odoo",
            json,
            GOOD),
        post("XML cut short, by SOAP | 500 | malformed", "/v1/soap/erp", xml, "<a><b>"),
        post(
            "an external entity (XXE), by SOAP | 500 | malformed",
            "/v1/soap/erp",
            xml,
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
        post(
            "a SOAP body that breaks the contract | 500 | malformed",
            "/v1/soap/erp",
            xml,
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                + "<PublishEvent xmlns=\"https://cmmshub.dev/soap/v1\"><workOrder><nope/>"
                + "</workOrder></PublishEvent></s:Body></s:Envelope>"),
        post(
            "SOAP without a key | 500 | unauthorized",
            "/v1/soap/erp",
            "Content-Type: text/xml\r\n",
            soapOrder()));
  }

  private static String soapOrder() {
    try {
      String xml =
          Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
      return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
          + xml.substring(xml.indexOf("?>") + 2)
          + "</s:Body></s:Envelope>";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One raw exchange; the connection is closed by the hub after the answer. */
  private static String send(String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), TestHub.shared().port())) {
      socket.setSoTimeout(10_000);
      String request = head + "Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      try {
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // The hub may answer and close before a body that is too large has been sent.
      }
      return read(socket.getInputStream());
    }
  }

  private static String read(InputStream stream) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] chunk = new byte[8192];
    try {
      for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
        answer.append(new String(chunk, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // A reset after the answer: what was read before counts.
    }
    return answer.toString();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void getsWhatTheTableSays(Case bad) throws IOException {
    String[] row = bad.row().split(" \\| ");
    String answer = send(bad.request(), bad.body());
    assertThat(answer).startsWith("HTTP/1.1 " + row[1] + " ");
    assertThat(answer).contains(row[2]).doesNotContain("Exception").doesNotContain("\tat ");
    if (!bad.request().contains("/soap/")) {
      assertThat(answer).containsIgnoringCase("content-type: application/problem+json");
      String json = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(Json.read(json.getBytes(StandardCharsets.UTF_8)).get("status").asInt())
          .isEqualTo(Integer.parseInt(row[1]));
    } else {
      assertThat(answer).contains("Fault>");
    }
  }

  @Test
  void theTableInTheDocumentationIsThis() throws IOException {
    String documentation = Files.readString(Path.of("docs/security.md"));
    cases().forEach(bad -> assertThat(documentation).contains("| " + bad.row() + " |"));
  }

  @Test
  void namesOfCamelAndKafkaInHeaderQueryAndFormSteerNothing() throws IOException {
    Map<String, String> evil = new LinkedHashMap<>();
    try (ServerSocket trap = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      trap.setSoTimeout(500);
      String trapAddress = "http://127.0.0.1:" + trap.getLocalPort();
      evil.put("kafka.OVERRIDE_TOPIC", "evil-topic");
      evil.put("CamelKafkaOverrideTopic", "evil-topic");
      evil.put("CamelHttpUri", trapAddress);
      evil.put("CamelHttpPath", "/evil");
      evil.put("CamelBeanMethodName", "requireRead");
      evil.put("CamelSqlQuery", "select 1");
      StringBuilder headers = new StringBuilder();
      StringBuilder query = new StringBuilder("?a=b");
      evil.forEach(
          (name, value) -> {
            headers.append(name).append(": ").append(value).append("\r\n");
            query
                .append('&')
                .append(name)
                .append('=')
                .append(value.replace(":", "%3A").replace(" ", "+"));
          });
      String key = "X-API-Key: " + TestHub.shared().key("river") + "\r\n";
      String answer =
          send(
              "POST /v1/events/odoo"
                  + query
                  + " HTTP/1.1\r\nHost: hub\r\n"
                  + key
                  + headers
                  + "Content-Type: application/json\r\n",
              GOOD.getBytes(StandardCharsets.UTF_8));
      assertThat(answer).startsWith("HTTP/1.1 202 ");
      assertThat(answer).doesNotContain("evil").doesNotContain("kafka.");
      String form =
          send(
              "POST /v1/events/odoo HTTP/1.1\r\nHost: hub\r\n"
                  + key
                  + "Content-Type: application/x-www-form-urlencoded\r\n",
              query.substring(1).getBytes(StandardCharsets.UTF_8));
      assertThat(form).startsWith("HTTP/1.1 4");
      assertThat(TestHub.shared().topics()).doesNotContain("evil-topic");
      org.assertj.core.api.Assertions.assertThatThrownBy(trap::accept)
          .isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }
}
