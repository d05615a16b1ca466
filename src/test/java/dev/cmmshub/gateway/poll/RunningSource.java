package dev.cmmshub.gateway.poll;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.Loopback;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.SystemSources;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;

/** One resource of a connector's source Kamelet, asked as the hub asks it. */
final class RunningSource implements AutoCloseable {
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final PageReader reader = new PageReader(new MappingCache(FunctionLibrary.load()));
  private final SystemSources sources;
  private final Connector.Source source;
  private final Map<String, Secret> parameters = new TreeMap<>();
  private final Map<String, String> resource = new TreeMap<>();

  RunningSource(String connector, String resource, Map<String, String> given) throws Exception {
    source =
        new ConnectorFolders().read(Path.of("connectors")).get(connector).source().orElseThrow();
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            PluginHelper.getResourceLoader(context)
                .resolveResource(
                    "file:connectors/" + connector + "/" + source.kamelet() + ".kamelet.yaml"));
    sources = new SystemSources(context, Loopback.kamelets(context));
    context.start();
    this.resource.putAll(source.resources().get(resource));
    this.resource.forEach((name, value) -> parameters.put(name, new Secret(value)));
    given.forEach(this::set);
  }

  void set(String parameter, String value) {
    parameters.put(parameter, new Secret(value));
    resource.computeIfPresent(parameter, (name, old) -> value);
  }

  /** How many routes run, after the source was ended if it was idle for so long. */
  int routesAfterEnding(Duration idle) {
    sources.endUnused(idle);
    return context.getRoutesSize();
  }

  /** One page. */
  Page ask(Map<String, String> variables) throws Exception {
    Exchange exchange = new DefaultExchange(context);
    variables.forEach(exchange::setVariable);
    sources.ask(
        source.kamelet(),
        "acme.erp.x",
        new EgressTarget("acme", "erp"),
        Map.copyOf(parameters),
        exchange);
    Map<String, String> request = new TreeMap<>(resource);
    request.putAll(variables);
    return reader.read(
        source.page(), request, exchange.getMessage().getMandatoryBody(InputStream.class));
  }

  /** All records from a time on, page by page; more than 100 pages are too many. */
  List<JsonNode> all(String since) throws Exception {
    List<JsonNode> records = new ArrayList<>();
    Map<String, String> next = Map.of("since", since);
    for (int pages = 0; !next.isEmpty(); pages++) {
      if (pages == 100) {
        throw new AssertionError("goes in circles at " + next);
      }
      Page page = ask(next);
      records.addAll(page.records());
      next = page.next();
    }
    return records;
  }

  @Override
  public void close() {
    context.stop();
  }
}
