package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.ScriptedErp;
import dev.cmmshub.ScriptedErp.Answer;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.recovery.MatchedRules;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.recovery.Verdicts;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
    SystemSinks sinks = new SystemSinks(context, new KameletParameters(context), CONNECTORS);
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
    Map<String, Secret> parameters =
        Map.of(
            "baseUrl", new Secret(erp.url()),
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
        1 << 20,
        Optional.empty());
  }

  private static Subscription to(String system) {
    return new Subscription(system, system, List.of("*"), DeliveryOrder.STRICT, Optional.empty());
  }

  private static Delivery delivery(String system) {
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
    Tenant tenant = tenant();
    return Delivery.first(tenant, tenant.subscription(system).orElseThrow(), event);
  }

  /** Empty when the system took it. */
  private static Optional<Failure> answered(String system, int status, String body) {
    erp.answer(one -> one.forToken() ? new Answer(200, "{}") : new Answer(status, body));
    Delivery delivery = delivery(system);
    Exchange exchange = new DefaultExchange(context);
    exchange.setVariable(SystemSender.DELIVERY, delivery);
    exchange.setVariable(
        "request",
        new SystemRequest(
            "POST", "/write", "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
    try {
      requests.send(exchange);
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(new SystemFailures(CONNECTORS).of(delivery, e));
    }
  }

  private static Verdict verdict(String system, Failure failure) {
    return new Verdicts(
            Clock.fixed(NOW, ZoneOffset.UTC),
            new MatchedRules(id -> Optional.of(tenant()), CONNECTORS)::of)
        .of(new FailedEvent(delivery(system).event(), failure, 1), POLICY, NOW);
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
}
