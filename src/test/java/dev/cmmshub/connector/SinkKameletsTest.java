package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sinks as they run: real Kamelets against a real HTTP server. */
class SinkKameletsTest {
  private static final String SECRET = "p&a+s%20s{{w}}ü\"'=?#";
  private static final String BODY = "{\"name\":\"Dichtung ü\"}";

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Map<String, Properties> instances = new HashMap<>();
  private RecordingServer server;

  @BeforeEach
  void start() throws Exception {
    server = new RecordingServer();
    context.getComponent("kamelet", KameletComponent.class).setRouteProperties(instances);
    for (String name : List.of("cmms-rest", "odoo", "sap-s4hana")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              PluginHelper.getResourceLoader(context)
                  .resolveResource("file:connectors/" + name + "/" + name + "-sink.kamelet.yaml"));
    }
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
    server.close();
  }

  @Test
  void cmmsRestSendsTheRequestWithItsBearerToken() {
    instance("acme.cmms", Map.of("apiToken", SECRET));
    Exchange exchange = send("cmms-rest-sink/acme.cmms", "PUT", "/api/v1/workorders/7");
    assertThat(exchange.getException()).isNull();
    RecordingServer.Request request = server.only();
    assertThat(request.line()).isEqualTo("PUT /api/v1/workorders/7");
    assertThat(request.body()).isEqualTo(BODY);
    assertThat(request.header("Authorization")).isEqualTo("Bearer " + SECRET);
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header("Idempotency-Key")).isEqualTo("event-1");
    assertThat(request.header("traceparent")).isEqualTo("00-trace");
    assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("Authorization");
  }

  @Test
  void odooNamesTheDatabaseOnlyWhenThereIsOne() {
    instance("acme.odoo", Map.of("apiKey", SECRET, "database", "acme"));
    instance("beta.odoo", Map.of("apiKey", "other"));
    assertThat(
            send("odoo-sink/acme.odoo", "POST", "/json/2/maintenance.request/create")
                .getException())
        .isNull();
    RecordingServer.Request first = server.only();
    assertThat(first.line()).isEqualTo("POST /json/2/maintenance.request/create");
    assertThat(first.header("Authorization")).isEqualTo("Bearer " + SECRET);
    assertThat(first.header("X-Odoo-Database")).isEqualTo("acme");
    server.forget();
    assertThat(send("odoo-sink/beta.odoo", "POST", "/json/2/x/y").getException()).isNull();
    assertThat(server.only().header("X-Odoo-Database")).isNull();
    assertThat(server.only().header("Authorization")).isEqualTo("Bearer other");
  }

  @Test
  void sapSendsTokenAndSessionAsTheyWereGivenTogether() {
    instance("acme.sap", Map.of("username", "HUB", "password", SECRET));
    server.requireCsrf();
    for (int i = 1; i <= 3; i++) {
      server.forget();
      Exchange exchange = send("sap-s4hana-sink/acme.sap", "POST", "/sap/opu/odata/sap/X/A_Y");
      assertThat(exchange.getException()).isNull();
      assertThat(server.requests())
          .extracting(RecordingServer.Request::line)
          .containsExactly(
              "GET /sap/opu/odata/sap/API_PURCHASEREQ_PROCESS_SRV/",
              "POST /sap/opu/odata/sap/X/A_Y");
      RecordingServer.Request write = server.requests().get(1);
      assertThat(write.body()).isEqualTo(BODY);
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
    instance("acme.sap", Map.of("username", "HUB", "password", "wrong"));
    server.answer(401);
    Exchange exchange = send("sap-s4hana-sink/acme.sap", "POST", "/sap/opu/odata/sap/X/A_Y");
    assertThat(statusOf(exchange)).isEqualTo(401);
    assertThat(server.requests())
        .extracting(RecordingServer.Request::method)
        .containsExactly("GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void answersButSuccessRaiseAndRedirectsAreNotFollowed(String connector) {
    everyParameter(connector, 100);
    for (int status : new int[] {301, 302, 307, 400, 409, 412, 422, 429, 500, 503}) {
      server.forget();
      server.answer(status);
      assertThat(statusOf(send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
      assertThat(server.only().path()).doesNotContain("elsewhere");
    }
    server.answer(200);
    assertThat(send(connector + "-sink/acme", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void anOpenBreakerRaisesAndBelongsToOneInstance(String connector) {
    everyParameter(connector, 3);
    instances.put("beta", instances.get("acme"));
    server.answer(503);
    for (int i = 0; i < 3; i++) {
      assertThat(statusOf(send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(503);
    }
    server.answer(200);
    server.forget();
    Exchange refused = send(connector + "-sink/acme", "POST", "/p");
    assertThat(refused.getException(CallNotPermittedException.class)).isNotNull();
    assertThat(server.requests()).isEmpty();
    assertThat(send(connector + "-sink/beta", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void refusalsOfAnEventDoNotOpenTheBreaker(String connector) {
    everyParameter(connector, 3);
    server.answer(422);
    for (int i = 0; i < 10; i++) {
      assertThat(statusOf(send(connector + "-sink/acme", "POST", "/p"))).isEqualTo(422);
    }
    server.answer(200);
    assertThat(send(connector + "-sink/acme", "POST", "/p").getException()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aSystemThatIsDownOpensTheBreaker(String connector) throws Exception {
    everyParameter(connector, 3);
    try (ServerSocket closed = new ServerSocket(0)) {
      instances.get("acme").setProperty("baseUrl", "http://127.0.0.1:" + closed.getLocalPort());
    }
    for (int i = 0; i < 3; i++) {
      Exchange exchange = send(connector + "-sink/acme", "POST", "/p");
      assertThat(exchange.getException(IOException.class)).isNotNull();
    }
    assertThat(
            send(connector + "-sink/acme", "POST", "/p")
                .getException(CallNotPermittedException.class))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void anExchangeThatWasRefusedCanBeSentAgain(String connector) {
    everyParameter(connector, 10);
    server.answer(409);
    Exchange exchange = send(connector + "-sink/acme", "POST", "/p");
    assertThat(statusOf(exchange)).isEqualTo(409);
    exchange.setException(null);
    server.answer(200);
    request(exchange, "POST", "/p");
    context.createProducerTemplate().send("kamelet:" + connector + "-sink/acme", exchange);
    assertThat(exchange.getException()).isNull();
  }

  private void everyParameter(String connector, int minimumNumberOfCalls) {
    Map<String, String> credentials =
        switch (connector) {
          case "cmms-rest" -> Map.of("apiToken", "t");
          case "odoo" -> Map.of("apiKey", "k");
          default -> Map.of("username", "u", "password", "p");
        };
    instance("acme", credentials);
    instances.get("acme").setProperty("minimumNumberOfCalls", "" + minimumNumberOfCalls);
    instances.get("acme").setProperty("slidingWindowSize", "" + minimumNumberOfCalls);
  }

  /** Braces are escaped: Camel would take them for a placeholder of its own. */
  private void instance(String name, Map<String, String> parameters) {
    Properties properties = new Properties();
    properties.setProperty("baseUrl", server.url());
    parameters.forEach(
        (key, value) ->
            properties.setProperty(key, value.replace("{{", "\\{{").replace("}}", "\\}}")));
    instances.put(name, properties);
  }

  private Exchange send(String kamelet, String method, String path) {
    Exchange exchange = request(new DefaultExchange(context), method, path);
    return context.createProducerTemplate().send("kamelet:" + kamelet, exchange);
  }

  private static Exchange request(Exchange exchange, String method, String path) {
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(BODY.getBytes(StandardCharsets.UTF_8));
    exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
    exchange.getMessage().setHeader(Exchange.HTTP_PATH, path);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setHeader("Idempotency-Key", "event-1");
    exchange.getMessage().setHeader("traceparent", "00-trace");
    return exchange;
  }

  private static int statusOf(Exchange exchange) {
    HttpOperationFailedException failure =
        exchange.getException(HttpOperationFailedException.class);
    assertThat(failure).as("raised: %s", exchange.getException()).isNotNull();
    return failure.getStatusCode();
  }
}
