package dev.cmmshub.gateway.poll;

import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.SystemSources;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/** Asks the sources of systems for pages, and reads what they answer. */
public final class SourcePages {
  private final Map<String, Connector> connectors;
  private final SystemSources sources;
  private final PageReader pages;

  public SourcePages(Map<String, Connector> connectors, SystemSources sources, PageReader pages) {
    this.connectors = connectors;
    this.sources = sources;
    this.pages = pages;
  }

  /**
   * Leaves the system's answer as body.
   *
   * @param instance names the source's instance, which takes one call at a time
   * @param ask the variables the source reads
   * @throws Exception as the HTTP call failed
   */
  public void ask(PollDefinition of, String instance, Map<String, String> ask, Exchange exchange)
      throws Exception {
    ask.forEach(exchange::setVariable);
    Map<String, Secret> parameters = new TreeMap<>(of.system().parameters());
    resource(of).forEach((name, value) -> parameters.put(name, new Secret(value)));
    parameters.putAll(of.poll().parameters());
    EgressTarget target = new EgressTarget(of.tenant().id(), of.system().name());
    sources.ask(source(of).kamelet(), instance, target, parameters, exchange);
  }

  /**
   * Reads the answer.
   *
   * @throws RuntimeException saying what was expected, without the answer itself
   */
  public Page read(PollDefinition of, Map<String, String> ask, Exchange exchange)
      throws IOException {
    Page page;
    try (InputStream answer = exchange.getMessage().getBody(InputStream.class)) {
      page = pages.read(source(of).page(), request(of, ask), answer);
    }
    if (page.next().equals(ask)) {
      throw new IllegalStateException(
          source(of).page() + ": next: the same page again; expected what lies behind it");
    }
    return page;
  }

  /** What the page mapping may know: nothing that a sign-in needs. */
  private Map<String, String> request(PollDefinition of, Map<String, String> ask) {
    Map<String, String> request = resource(of);
    request.replaceAll(
        (name, value) -> of.poll().parameters().getOrDefault(name, new Secret(value)).value());
    request.putAll(ask);
    return request;
  }

  private Map<String, String> resource(PollDefinition of) {
    return new TreeMap<>(source(of).resources().get(of.poll().resource()));
  }

  private Connector.Source source(PollDefinition of) {
    return connectors.get(of.system().connector()).source().orElseThrow();
  }
}
