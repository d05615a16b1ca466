package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.Loopback;
import dev.cmmshub.ScriptedErp;
import dev.cmmshub.ScriptedErp.Answer;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.recovery.MatchedRules;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.recovery.Verdicts;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers of real servers mean, through the sinks and the rules that ship. */
class ConnectorErrorsTest {
  private static final Instant NOW = Instant.parse("2026-03-06T10:00:00Z");
  private static final Map<String, Connector> CONNECTORS =
      new ConnectorFolders().read(Path.of("connectors"));
  private static final RetryPolicy POLICY =
      new RetryPolicy(List.of(Duration.ofSeconds(7)), Duration.ofHours(72));

  private static ScriptedErp erp;
  private static DefaultCamelContext context;
  private static SystemRequests requests;

  @BeforeAll
  static void start() throws Exception {
    erp = new ScriptedErp();
    context = new DefaultCamelContext();
    SystemSinks sinks = new SystemSinks(context, Loopback.kamelets(context), CONNECTORS);
    for (Connector connector : CONNECTORS.values()) {
      if (connector.sink().isPresent()) {
        PluginHelper.getRoutesLoader(context)
            .loadRoutes(
                PluginHelper.getResourceLoader(context)
                    .resolveResource(
                        "file:"
                            + connector.folder()
                            + "/"
                            + connector.sink().get()
                            + ".kamelet.yaml"));
      }
    }
    context.start();
    requests =
        new SystemRequests(
            CONNECTORS,
            new CodeTables(CONNECTORS),
            new MappingCache(FunctionLibrary.load())::get,
            sinks,
            new SystemFailures(CONNECTORS));
  }

  @AfterAll
  static void stop() throws Exception {
    context.close();
    erp.close();
  }

  private static Tenant tenant() {
    return tenant(erp.url());
  }

  private static Tenant tenant(String baseUrl) {
    Map<String, Secret> parameters =
        Map.of(
            "baseUrl", new Secret(baseUrl),
            "connectTimeout", new Secret("600"),
            "responseTimeout", new Secret("600"),
            "username", new Secret("u"),
            "password", new Secret("p"),
            "apiKey", new Secret("k"),
            "apiToken", new Secret("t"),
            "minimumNumberOfCalls", new Secret("1000"),
            "slidingWindowSize", new Secret("1000"));
    return new Tenant(
        "acme",
        true,
        List.of(),
        Map.of(
            "sap-s4hana", new TenantSystem("sap-s4hana", "sap-s4hana", true, parameters),
            "odoo", new TenantSystem("odoo", "odoo", true, parameters),
            "cmms-rest", new TenantSystem("cmms-rest", "cmms-rest", true, parameters)),
        List.of(to("sap-s4hana"), to("odoo"), to("cmms-rest")),
        Map.of(),
        POLICY,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  private static Subscription to(String system) {
    return new Subscription(system, system, List.of("*"), DeliveryOrder.STRICT, Optional.empty());
  }

  private static Delivery delivery(String system) {
    return delivery(tenant(), system);
  }

  private static Delivery delivery(Tenant tenant, String system) {
    Event event =
        new Event(
            "id",
            Event.type("workorder", "released"),
            "workorder/1",
            new EventKey("acme", "cmms", "workorder", "1"),
            1,
            NOW,
            "application/json",
            null,
            "c",
            null,
            new byte[0]);
    return Delivery.first(tenant, tenant.subscription(system).orElseThrow(), event);
  }

  /** Empty when the system took it. */
  private static Optional<Failure> answered(String system, int status, String body) {
    erp.answer(one -> one.forToken() ? new Answer(200, "{}") : new Answer(status, body));
    return sent(delivery(system), "POST");
  }

  /** Empty when the system took it. */
  private static Optional<Failure> sent(Delivery delivery, String method) {
    Exchange exchange = new DefaultExchange(context);
    exchange.setVariable(SystemSender.DELIVERY, delivery);
    exchange.setVariable(
        "request",
        new SystemRequest(
            method, "/write", "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
    try {
      requests.send(exchange);
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(new SystemFailures(CONNECTORS).of(delivery, e));
    }
  }

  private static Verdict verdict(String system, Failure failure) {
    return new Verdicts(new MatchedRules(id -> Optional.of(tenant()), CONNECTORS)::of)
        .of(new FailedEvent(delivery(system).event(), failure, 1), POLICY, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // system  | status | body | class | seconds until the next try, or never
        "sap-s4hana | 403 | CSRF token validation failed                                | csrf-token    | 1",
        "sap-s4hana | 403 | CSRF-Token-Validierung ist fehlgeschlagen                   | csrf-token    | 1",
        "sap-s4hana | 403 | {\"error\":{\"code\":\"/IWFND/CM_BEC/026\"}}                | status        | never",
        "sap-s4hana | 400 | {\"error\":{\"code\":\"M7/053\",\"message\":{\"value\":\"\"}}} | closed-period | 3600",
        "sap-s4hana | 400 | {\"error\":{\"code\":\"F5\\/201\"}}                         | closed-period | 3600",
        "sap-s4hana | 400 | Posting period 003 2026 is not open                         | closed-period | 3600",
        "sap-s4hana | 400 | {\"error\":{\"code\":\"ME/006\",\"message\":{\"value\":\"Requisition 10 is already being processed by ROTH\"}}} | locked | 30",
        "sap-s4hana | 500 | Material 71143 is locked by user ROTH                       | locked        | 30",
        "sap-s4hana | 400 | {\"error\":{\"code\":\"06/436\"}}                           | status        | never",
        "sap-s4hana | 503 | ~~                                                          | status        | 7",
        "odoo | 200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":200,\"message\":\"Odoo Server Error\",\"data\":{\"name\":\"odoo.exceptions.UserError\",\"debug\":\"T\"}}} | rejected | never",
        "odoo | 200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"data\":{\"name\":\"odoo.exceptions.ValidationError\"}}} | rejected | never",
        "odoo | 200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"data\":{\"name\":\"psycopg2.errors.SerializationFailure\"}}} | contention | 2",
        "odoo | 200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":100,\"message\":\"Odoo Session Expired\"}} | rpc-error | 7",
        "odoo | 422 | {\"name\":\"odoo.exceptions.UserError\",\"message\":\"no\"}       | rejected      | never",
        "odoo | 409 | {\"name\": \"odoo.exceptions.LockError\",\"message\":\"busy\"}    | contention    | 2",
        "odoo | 500 | {\"name\":\"psycopg2.errors.LockNotAvailable\"}                   | contention    | 2",
        "odoo | 500 | {\"name\":\"psycopg2.errors.NotNullViolation\"}                   | rejected      | never",
        "odoo | 500 | {\"name\":\"psycopg2.OperationalError\"}                          | status        | 7",
        "cmms-rest | 422 | ~~                                                           | status        | never",
        "cmms-rest | 429 | ~~                                                           | status        | 7",
      })
  void failuresAreJudgedByTheConnectorsRules(
      String system, int status, String body, String errorClass, String next) {
    Failure failure = answered(system, status, body).orElseThrow();
    assertThat(failure.errorClass()).isEqualTo(errorClass);
    assertThat(failure.status()).isEqualTo(status);
    if (next.equals("never")) {
      assertThat(verdict(system, failure)).isInstanceOf(Verdict.Never.class);
    } else {
      Duration pause = Duration.ofSeconds(Long.parseLong(next));
      assertThat(((Verdict.Later) verdict(system, failure)).after())
          .isBetween(pause.multipliedBy(8).dividedBy(10), pause.multipliedBy(12).dividedBy(10));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "sap-s4hana | 201 | {\"d\":{\"PurchaseRequisition\":\"10\"}}",
        "sap-s4hana | 204 | ~~",
        "odoo       | 200 | [12]",
        "odoo       | 200 | true",
        "odoo       | 200 | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"note\":\"\\\"error\\\": {\"}}",
        "cmms-rest  | 200 | {\"error\":{\"name\":\"odoo.exceptions.UserError\"}}",
      })
  void successesStaySuccesses(String system, int status, String body) {
    assertThat(answered(system, status, body)).isEmpty();
  }

  /** What lies behind the first 16 kB is not looked at, and nothing of a body is kept. */
  @Test
  void onlyTheBeginningOfABodyIsLookedAt() {
    String error =
        "{\"jsonrpc\":\"2.0\",\"error\":{\"data\":{\"name\":\"odoo.exceptions.UserError\"";
    String blanks = " ".repeat(20_000);
    assertThat(answered("odoo", 200, error + blanks).orElseThrow().reason())
        .isEqualTo("the system answered 200: Odoo refused the values");
    assertThat(answered("odoo", 200, blanks + error)).isEmpty();
    assertThat(answered("odoo", 400, blanks + error).orElseThrow().rule()).isNull();
  }

  private static Answer unlessForToken(ScriptedErp.Asked one, Answer answer) {
    return one.forToken() ? new Answer(200, "{}") : answer;
  }

  /** Whether the request may have been applied is told by how far it got, and by its method. */
  @ParameterizedTest
  @CsvSource({
    // system, method, what happens, class, unknown
    "cmms-rest,  POST, silence, timeout,    true",
    "cmms-rest,  PUT,  silence, timeout,    false",
    "cmms-rest,  POST, hang-up, connection, true",
    "cmms-rest,  PUT,  hang-up, connection, false",
    "cmms-rest,  POST, 502,     status,     true",
    "cmms-rest,  POST, 504,     status,     true",
    "cmms-rest,  PUT,  504,     status,     false",
    "cmms-rest,  POST, 503,     status,     false",
    "cmms-rest,  POST, 429,     status,     false",
    "odoo,       POST, silence, timeout,    true",
    "odoo,       POST, hang-up, connection, true",
    "sap-s4hana, POST, silence, timeout,    true",
    "sap-s4hana, POST, hang-up, connection, true",
  })
  void whatMayHaveBeenAppliedIsTold(
      String system, String method, String what, String errorClass, boolean unknown) {
    Answer answer =
        switch (what) {
          case "silence" -> ScriptedErp.SILENCE;
          case "hang-up" -> ScriptedErp.HANG_UP;
          default -> new Answer(Integer.parseInt(what), "");
        };
    erp.answer(one -> unlessForToken(one, answer));
    Failure failure = sent(delivery(system), method).orElseThrow();
    assertThat(failure.errorClass()).isEqualTo(errorClass);
    assertThat(failure.unknown()).isEqualTo(unknown);
    assertThat(verdict(system, failure))
        .isInstanceOf(unknown ? Verdict.Unknown.class : Verdict.Later.class);
  }

  @Test
  void withoutATokenNothingWasWritten() {
    erp.answer(one -> one.forToken() ? ScriptedErp.SILENCE : new Answer(201, "{}"));
    Failure failure = sent(delivery("sap-s4hana"), "POST").orElseThrow();
    assertThat(failure.errorClass()).isEqualTo("connection");
    assertThat(failure.unknown()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aConnectionThatIsRefusedSentNothing(String system) throws IOException {
    String nobody;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + closed.getLocalPort();
    }
    Failure failure = sent(delivery(tenant(nobody), system), "POST").orElseThrow();
    assertThat(failure.errorClass()).isEqualTo("connection");
    assertThat(failure.unknown()).isFalse();
  }

  /** A queue of connections that is full: the next one waits until its time is up. */
  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aConnectionThatDoesNotComeAboutInTimeSentNothing(String system) throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        Socket waiting = new Socket();
        queue.add(waiting);
        try {
          waiting.connect(busy.getLocalSocketAddress(), 100);
        } catch (SocketTimeoutException full) {
          break;
        }
      }
      Tenant tenant = tenant("http://127.0.0.1:" + busy.getLocalPort());
      Failure failure = sent(delivery(tenant, system), "POST").orElseThrow();
      assertThat(failure.errorClass()).isEqualTo("connection");
      assertThat(failure.unknown()).isFalse();
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }
}
