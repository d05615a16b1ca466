package dev.cmmshub.connector;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.Loopback;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;

/** Instances of sink Kamelets for the systems of tenants.yaml. */
class SystemSinksTest {
  private static final Duration LONG = Duration.ofMinutes(15);

  private static TenantSystem cmms(RecordingServer server, String token) {
    return new TenantSystem(
        "cmms",
        "cmms-rest",
        true,
        Map.of("baseUrl", new Secret(server.url()), "apiToken", new Secret(token)));
  }

  private static Tenant tenant(TenantSystem system) {
    return new Tenant(
        "acme",
        true,
        List.of(),
        Map.of("cmms", system),
        List.of(),
        Map.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  private static String tokenSent(
      DefaultCamelContext context, SystemSinks sinks, TenantSystem system, RecordingServer server)
      throws Exception {
    server.forget();
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "PUT");
    exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/api/v1/workorders/7");
    exchange.getMessage().setBody("{}");
    sinks.send(tenant(system), system, exchange);
    return server.only().header("Authorization");
  }

  private interface Body {
    void run(RecordingServer server, DefaultCamelContext context, SystemSinks sinks)
        throws Exception;
  }

  private static void with(Body body) throws Exception {
    try (RecordingServer server = new RecordingServer();
        DefaultCamelContext context = new DefaultCamelContext()) {
      SystemSinks sinks =
          new SystemSinks(
              context,
              Loopback.kamelets(context),
              new ConnectorFolders().read(Path.of("connectors")));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              PluginHelper.getResourceLoader(context)
                  .resolveResource("file:connectors/cmms-rest/cmms-rest-sink.kamelet.yaml"));
      context.start();
      body.run(server, context, sinks);
    }
  }

  private static Tenants only(TenantSystem system) {
    return new Tenants(List.of(tenant(system)));
  }

  @Test
  void changedParametersAreUsedByTheNextCallAndTheFormerInstanceEnds() throws Exception {
    with(
        (server, context, sinks) -> {
          TenantSystem before = cmms(server, "old");
          assertThat(tokenSent(context, sinks, before, server)).isEqualTo("Bearer old");
          assertThat(tokenSent(context, sinks, cmms(server, "old"), server))
              .isEqualTo("Bearer old");
          int routes = context.getRoutesSize();
          TenantSystem after = cmms(server, "new");
          assertThat(tokenSent(context, sinks, after, server)).isEqualTo("Bearer new");
          sinks.endUnused(only(after), LONG);
          assertThat(context.getRoutesSize()).isEqualTo(routes);
          assertThat(tokenSent(context, sinks, after, server)).isEqualTo("Bearer new");
        });
  }

  @Test
  void whatIsIdleEndsWithoutRemainderAndTheNextCallStartsItAgain() throws Exception {
    with(
        (server, context, sinks) -> {
          TenantSystem cmms = cmms(server, "token");
          int none = context.getRoutesSize();
          tokenSent(context, sinks, cmms, server);
          sinks.endUnused(only(cmms), LONG);
          assertThat(context.getRoutesSize()).isGreaterThan(none);
          sinks.endUnused(only(cmms), Duration.ZERO);
          assertThat(context.getRoutesSize()).isEqualTo(none);
          int endpoints = context.getEndpoints().size();
          int definitions = context.getRouteDefinitions().size();
          for (int i = 0; i < 20; i++) {
            assertThat(tokenSent(context, sinks, cmms, server)).isEqualTo("Bearer token");
            sinks.endUnused(only(cmms), Duration.ZERO);
          }
          assertThat(context.getRoutesSize()).isEqualTo(none);
          assertThat(context.getRouteDefinitions()).hasSize(definitions);
          assertThat(context.getEndpoints()).hasSize(endpoints);
        });
  }

  @Test
  void aShortSettingEndsThemByItself() throws Exception {
    with(
        (server, context, sinks) -> {
          TenantSystem cmms = cmms(server, "token");
          int none = context.getRoutesSize();
          tokenSent(context, sinks, cmms, server);
          try (IdleEnding ending =
              new IdleEnding(Duration.ofMillis(200), idle -> sinks.endUnused(only(cmms), idle))) {
            assertThat(eventually(() -> context.getRoutesSize() == none)).isTrue();
          }
          assertThat(tokenSent(context, sinks, cmms, server)).isEqualTo("Bearer token");
        });
  }

  @Test
  void whatIsCalledEndsAfterItsCallEvenIfItsSystemIsGone() throws Exception {
    with(
        (server, context, sinks) -> {
          TenantSystem cmms = cmms(server, "token");
          int none = context.getRoutesSize();
          CountDownLatch arrived = new CountDownLatch(1);
          CountDownLatch answered = new CountDownLatch(1);
          server.before(
              () -> {
                arrived.countDown();
                answered.await();
              });
          FutureTask<String> call = new FutureTask<>(() -> tokenSent(context, sinks, cmms, server));
          new Thread(call).start();
          arrived.await();
          sinks.endUnused(only(cmms), Duration.ZERO);
          sinks.endUnused(new Tenants(List.of()), Duration.ZERO);
          assertThat(context.getRoutesSize()).isGreaterThan(none);
          answered.countDown();
          assertThat(call.get()).isEqualTo("Bearer token");
          sinks.endUnused(new Tenants(List.of()), LONG);
          assertThat(context.getRoutesSize()).isEqualTo(none);
        });
  }

  @Test
  void noCallIsLostWhileInstancesEndAndSystemsChange() throws Exception {
    with(
        (server, context, sinks) -> {
          AtomicBoolean over = new AtomicBoolean();
          Thread ending =
              new Thread(
                  () -> {
                    for (int i = 0; !over.get(); i++) {
                      sinks.endUnused(only(cmms(server, "t" + i % 2)), Duration.ZERO);
                    }
                  });
          ending.start();
          try {
            for (int i = 0; i < 300; i++) {
              String token = "t" + i / 5 % 2;
              assertThat(tokenSent(context, sinks, cmms(server, token), server))
                  .isEqualTo("Bearer " + token);
            }
          } finally {
            over.set(true);
            ending.join();
          }
        });
  }
}
