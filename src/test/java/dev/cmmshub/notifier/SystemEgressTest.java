package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.NamesOnly;
import dev.cmmshub.ScriptedErp;
import dev.cmmshub.Unvisited;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.HttpEgress;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.egress.Allowances;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Failure;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the sinks that ship call, through the Kamelets as the hub runs them. */
class SystemEgressTest {
  /** Global unicast, but nobody has it. */
  private static final String NOWHERE = "2d00::1";

  private static final Map<String, Connector> CONNECTORS =
      new ConnectorFolders().read(Path.of("connectors"));

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final SystemFailures failures = new SystemFailures(CONNECTORS);
  private final List<EgressTarget> refused = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    context.stop();
  }

  private SystemRequests requests(String allowed, NamesOnly names) throws Exception {
    HttpEgress http =
        new HttpEgress(context, new Egress(Allowances.of(allowed), names, refused::add));
    SystemSinks sinks = new SystemSinks(context, new KameletParameters(context, http), CONNECTORS);
    for (String name : List.of("cmms-rest", "odoo", "sap-s4hana")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              PluginHelper.getResourceLoader(context)
                  .resolveResource("file:connectors/" + name + "/" + name + "-sink.kamelet.yaml"));
    }
    context.start();
    return new SystemRequests(
        CONNECTORS,
        new CodeTables(CONNECTORS),
        new MappingCache(FunctionLibrary.load())::get,
        sinks,
        failures);
  }

  private static Tenant tenant(String id, String connector, String baseUrl) {
    Map<String, Secret> parameters =
        Map.of(
            "baseUrl", new Secret(baseUrl),
            "connectTimeout", new Secret("300"),
            "username", new Secret("u"),
            "password", new Secret("p"),
            "apiKey", new Secret("k"),
            "apiToken", new Secret("t"));
    return new Tenant(
        id,
        true,
        List.of(),
        Map.of("erp", new TenantSystem("erp", connector, true, parameters)),
        List.of(
            new Subscription("erp", "erp", List.of("*"), DeliveryOrder.STRICT, Optional.empty())),
        Map.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  /** Empty when the system took it. */
  private Optional<Throwable> send(SystemRequests requests, Tenant tenant) {
    Event event =
        new Event(
            "id",
            Event.type("workorder", "released"),
            "workorder/1",
            new EventKey(tenant.id(), "cmms", "workorder", "1"),
            1,
            Instant.EPOCH,
            "application/json",
            null,
            "c",
            null,
            new byte[0]);
    Exchange exchange = new DefaultExchange(context);
    exchange.setVariable(
        SystemSender.DELIVERY, Delivery.first(tenant, tenant.subscriptions().get(0), event));
    exchange.setVariable(
        SystemRequests.REQUEST,
        new SystemRequest(
            "PUT", "/write", "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
    try {
      requests.send(exchange);
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(e);
    }
  }

  /** The failure of a call that is not to be repeated at once. */
  private static Failure failure(Optional<Throwable> thrown) {
    assertThat(thrown).containsInstanceOf(DeliveryException.class);
    return ((DeliveryException) thrown.get()).failure();
  }

  private static NamesOnly names(String... answers) {
    return new NamesOnly(Map.of("erp.test", List.of(answers)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void aSystemInsideIsNotConnected(String connector) throws Exception {
    SystemRequests requests = requests("", names("127.0.0.1"));
    try (Unvisited port = new Unvisited()) {
      for (String host :
          List.of("127.0.0.1", "erp.test", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1")) {
        Failure failure =
            failure(send(requests, tenant("acme", connector, "http://" + host + at(port))));
        assertThat(failure.errorClass()).as(host).isEqualTo("egress");
        assertThat(failure.reason()).contains("127.0.0.1", "hub.egress.allow=acme/erp=127.0.0.1");
        assertThat(failure.unknown()).isFalse();
      }
      assertThat(port.wasVisited()).isFalse();
    }
    assertThat(refused).hasSize(5).containsOnly(new EgressTarget("acme", "erp"));
  }

  private static String at(Unvisited port) {
    return ":" + port.port();
  }

  /** Its kept connection does not help the other tenant either. */
  @ParameterizedTest
  @ValueSource(strings = {"cmms-rest", "odoo", "sap-s4hana"})
  void whatOneTenantMayReachAnotherMayNot(String connector) throws Exception {
    NamesOnly names = names("127.0.0.1");
    SystemRequests requests = requests("acme/erp=127.0.0.0/8", names);
    try (ScriptedErp erp = new ScriptedErp()) {
      String baseUrl = erp.url().replace("127.0.0.1", "erp.test");
      assertThat(send(requests, tenant("acme", connector, baseUrl))).isEmpty();
      int asked = erp.asked().size();
      assertThat(erp.writes()).hasSize(1);
      assertThat(names.asked("erp.test")).isEqualTo(asked);
      Failure failure = failure(send(requests, tenant("globex", connector, baseUrl)));
      assertThat(failure.errorClass()).isEqualTo("egress");
      assertThat(failure.reason()).contains("hub.egress.allow=globex/erp=127.0.0.1");
      assertThat(erp.asked()).hasSize(asked);
      assertThat(send(requests, tenant("acme", connector, baseUrl))).isEmpty();
    }
  }

  /** What was checked is what is connected, and a kept connection is no way around. */
  @Test
  void aNameThatAnswersWithAnotherAddressTheSecondTimeLeadsNowhere() throws IOException {
    NamesOnly names = names(NOWHERE, "127.0.0.1");
    try (Unvisited port = new Unvisited()) {
      SystemRequests requests = requests("", names);
      Tenant tenant = tenant("acme", "cmms-rest", "http://erp.test" + at(port));
      Throwable unreachable = send(requests, tenant).orElseThrow();
      assertThat(failures.of(delivery(tenant), unreachable).errorClass()).isEqualTo("connection");
      assertThat(names.asked("erp.test")).isEqualTo(1);
      assertThat(failure(send(requests, tenant)).errorClass()).isEqualTo("egress");
      assertThat(port.wasVisited()).isFalse();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static Delivery delivery(Tenant tenant) {
    return Delivery.first(tenant, tenant.subscriptions().get(0), Deliveries.any().event());
  }

  @Test
  void aNameThatNobodyKnowsIsAConnectionThatDidNotComeAbout() throws Exception {
    SystemRequests requests = requests("", names("127.0.0.1"));
    Tenant tenant = tenant("acme", "cmms-rest", "http://unknown.test");
    Failure failure = failures.of(delivery(tenant), send(requests, tenant).orElseThrow());
    assertThat(failure.errorClass()).isEqualTo("connection");
    assertThat(failure.reason()).contains("UnknownHostException: unknown.test");
    assertThat(failure.unknown()).isFalse();
  }

  /** A Kamelet that does not say for whom it calls may call what all may. */
  @Test
  void aCallOfNobodyInParticularIsCheckedToo() throws Exception {
    try (ScriptedErp erp = new ScriptedErp();
        Unvisited port = new Unvisited()) {
      requests("acme/erp=127.0.0.1,erp.test", names("127.0.0.1"));
      assertThat(get("http://127.0.0.1" + at(port)).getException())
          .hasMessageContaining("is not a public address");
      assertThat(port.wasVisited()).isFalse();
      assertThat(get(erp.url().replace("127.0.0.1", "erp.test")).getException()).isNull();
      assertThat(refused).containsExactly(EgressTarget.UNKNOWN);
    }
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    SystemRequests requests = requests("127.0.0.1", names("127.0.0.1"));
    try (ScriptedErp erp = new ScriptedErp();
        Unvisited port = new Unvisited()) {
      erp.redirect("http://127.0.0.1" + at(port));
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        erp.answer(one -> new ScriptedErp.Answer(status, "{}"));
        Tenant tenant = tenant("acme", "cmms-rest", erp.url());
        Failure failure = failures.of(delivery(tenant), send(requests, tenant).orElseThrow());
        assertThat(failure.status()).isEqualTo(status);
      }
      assertThat(port.wasVisited()).isFalse();
      assertThat(erp.asked()).hasSize(5);
    }
  }

  private Exchange get(String address) {
    return context
        .createProducerTemplate()
        .request(address + "/?bridgeEndpoint=true", exchange -> {});
  }
}
