package dev.cmmshub.connector;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.Loopback;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;

/** Instances of sink Kamelets for the systems of tenants.yaml. */
class SystemSinksTest {
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

  @Test
  void changedParametersAreUsedByTheNextCallAndTheFormerInstanceEnds() throws Exception {
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
      TenantSystem before = cmms(server, "old");
      assertThat(tokenSent(context, sinks, before, server)).isEqualTo("Bearer old");
      assertThat(tokenSent(context, sinks, cmms(server, "old"), server)).isEqualTo("Bearer old");
      int routes = context.getRoutesSize();
      assertThat(tokenSent(context, sinks, cmms(server, "new"), server)).isEqualTo("Bearer new");
      assertThat(eventually(() -> context.getRoutesSize() == routes)).isTrue();
      assertThat(tokenSent(context, sinks, cmms(server, "new"), server)).isEqualTo("Bearer new");
    }
  }
}
