package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sinks as they run: real Kamelets against a real HTTP server. */
class SinkKameletsTest {
  private static final String SECRET = "p&a+s%20s{{w}}ü\"'=?#";

  private RecordingServer server;
  private RunningSinks sinks;

  @BeforeEach
  void start() throws Exception {
    server = new RecordingServer();
    sinks = new RunningSinks(server.url());
  }

  @AfterEach
  void stop() {
    sinks.close();
    server.close();
  }

  @Test
  void cmmsRestSendsTheRequestWithItsBearerToken() {
    sinks.instance("acme.cmms", Map.of("apiToken", SECRET));
    Exchange exchange = sinks.send("cmms-rest-sink/acme.cmms", "PUT", "/api/v1/workorders/7");
    assertThat(exchange.getException()).isNull();
    RecordingServer.Request request = server.only();
    assertThat(request.line()).isEqualTo("PUT /api/v1/workorders/7");
    assertThat(request.body()).isEqualTo(RunningSinks.BODY);
    assertThat(request.header("Authorization")).isEqualTo("Bearer " + SECRET);
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header("Idempotency-Key")).isEqualTo("event-1");
    assertThat(request.header("traceparent")).isEqualTo("00-trace");
    assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("Authorization");
  }

  @Test
  void odooNamesTheDatabaseOnlyWhenThereIsOne() {
    sinks.instance("acme.odoo", Map.of("apiKey", SECRET, "database", "acme"));
    sinks.instance("beta.odoo", Map.of("apiKey", "other"));
    assertThat(
            sinks
                .send("odoo-sink/acme.odoo", "POST", "/json/2/maintenance.request/create")
                .getException())
        .isNull();
    RecordingServer.Request first = server.only();
    assertThat(first.line()).isEqualTo("POST /json/2/maintenance.request/create");
    assertThat(first.header("Authorization")).isEqualTo("Bearer " + SECRET);
    assertThat(first.header("X-Odoo-Database")).isEqualTo("acme");
    server.forget();
    assertThat(sinks.send("odoo-sink/beta.odoo", "POST", "/json/2/x/y").getException()).isNull();
    assertThat(server.only().header("X-Odoo-Database")).isNull();
    assertThat(server.only().header("Authorization")).isEqualTo("Bearer other");
  }

  @Test
  void sapSendsTokenAndSessionAsTheyWereGivenTogether() {
    sinks.instance("acme.sap", Map.of("username", "HUB", "password", SECRET));
    server.requireCsrf();
    for (int i = 1; i <= 3; i++) {
      server.forget();
      Exchange exchange =
          sinks.send("sap-s4hana-sink/acme.sap", "POST", "/sap/opu/odata/sap/X/A_Y");
      assertThat(exchange.getException()).isNull();
      assertThat(server.requests())
          .extracting(RecordingServer.Request::line)
          .containsExactly(
              "GET /sap/opu/odata/sap/API_PURCHASEREQ_PROCESS_SRV/",
              "POST /sap/opu/odata/sap/X/A_Y");
      RecordingServer.Request write = server.requests().get(1);
      assertThat(write.body()).isEqualTo(RunningSinks.BODY);
      assertThat(write.header("Content-Type")).isEqualTo("application/json");
      assertThat(write.header("Idempotency-Key")).isEqualTo("event-1");
      assertThat(write.header("traceparent")).isEqualTo("00-trace");
      assertThat(write.header("Authorization"))
          .isEqualTo(
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString(("HUB:" + SECRET).getBytes(StandardCharsets.UTF_8)));
      assertThat(exchange.getVariables()).doesNotContainKeys("authorization", "token");
      assertThat(exchange.getMessage().getHeaders())
          .doesNotContainKeys("Authorization", "X-CSRF-Token", "Set-Cookie");
    }
  }

  @Test
  void sapFailsWhenTheTokenIsRefusedAndNeverWrites() {
    sinks.instance("acme.sap", Map.of("username", "HUB", "password", "wrong"));
    server.answer(401);
    Exchange exchange = sinks.send("sap-s4hana-sink/acme.sap", "POST", "/sap/opu/odata/sap/X/A_Y");
    assertThat(statusOf(exchange)).isEqualTo(401);
    assertThat(server.requests())
        .extracting(RecordingServer.Request::method)
        .containsExactly("GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void answersButSuccessRaiseAndRedirectsAreNotFollowed(String connector) {
    sinks.ready(connector, 100);
    for (int status : new int[] {301, 302, 307, 400, 409, 412, 422, 429, 500, 503}) {
      server.forget();
      server.answer(status);
      assertThat(statusOf(sinks.send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
      assertThat(server.only().path()).doesNotContain("elsewhere");
    }
    server.answer(200);
    assertThat(sinks.send(connector + "-sink/acme", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void anOpenBreakerRaisesAndBelongsToOneInstance(String connector) {
    sinks.ready(connector, 3);
    sinks.copy("acme", "beta");
    server.answer(503);
    for (int i = 0; i < 3; i++) {
      assertThat(statusOf(sinks.send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(503);
    }
    server.answer(200);
    server.forget();
    Exchange refused = sinks.send(connector + "-sink/acme", "POST", "/p");
    assertThat(refused.getException(CallNotPermittedException.class)).isNotNull();
    assertThat(server.requests()).isEmpty();
    assertThat(sinks.send(connector + "-sink/beta", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void refusalsOfAnEventDoNotOpenTheBreaker(String connector) {
    sinks.ready(connector, 3);
    server.answer(422);
    for (int i = 0; i < 10; i++) {
      assertThat(statusOf(sinks.send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(422);
    }
    server.answer(200);
    assertThat(sinks.send(connector + "-sink/acme", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aSystemThatIsDownOpensTheBreaker(String connector) throws Exception {
    sinks.ready(connector, 3);
    try (ServerSocket closed = new ServerSocket(0)) {
      sinks.set("acme", "baseUrl", "http://127.0.0.1:" + closed.getLocalPort());
    }
    for (int i = 0; i < 3; i++) {
      Exchange exchange = sinks.send(connector + "-sink/acme", "POST", "/p");
      assertThat(exchange.getException(IOException.class)).isNotNull();
    }
    assertThat(
            sinks
                .send(connector + "-sink/acme", "POST", "/p")
                .getException(CallNotPermittedException.class))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aSilentSystemRaisesAfterTheResponseTimeoutAndIsAskedOnce(String connector) {
    sinks.ready(connector, 10);
    sinks.set("acme", "responseTimeout", "300");
    server.fallSilent();
    Exchange exchange = sinks.send(connector + "-sink/acme", "PUT", "/p");
    // SAP is silent when it is asked for the token, before anything is written.
    Class<? extends IOException> raised =
        connector.equals("sap-s4hana") ? ConnectException.class : SocketTimeoutException.class;
    assertThat(exchange.getException(raised)).isNotNull();
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void anExchangeThatWasRefusedCanBeSentAgain(String connector) {
    sinks.ready(connector, 10);
    server.answer(409);
    Exchange exchange = sinks.send(connector + "-sink/acme", "POST", "/p");
    assertThat(statusOf(exchange)).isEqualTo(409);
    server.answer(200);
    sinks.sendAgain(connector + "-sink/acme", exchange, "POST", "/p");
    assertThat(exchange.getException()).isNull();
  }

  private static int statusOf(Exchange exchange) {
    HttpOperationFailedException failure =
        exchange.getException(HttpOperationFailedException.class);
    assertThat(failure).as("raised: %s", exchange.getException()).isNotNull();
    return failure.getStatusCode();
  }
}
