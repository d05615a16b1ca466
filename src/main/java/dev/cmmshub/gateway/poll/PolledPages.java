package dev.cmmshub.gateway.poll;

import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.SystemSources;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.gateway.EventIngress;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/** The steps of one polled page: ask for it, read it, offer its records to the event broker. */
public final class PolledPages {
  private final Map<String, Connector> connectors;
  private final SystemSources sources;
  private final PageReader pages;
  private final RecordReader records;
  private final EventIngress ingress;

  public PolledPages(
      Map<String, Connector> connectors,
      SystemSources sources,
      PageReader pages,
      RecordReader records,
      EventIngress ingress) {
    this.connectors = connectors;
    this.sources = sources;
    this.pages = pages;
    this.records = records;
    this.ingress = ingress;
  }

  /** Leaves the system's answer as body. */
  public void ask(Exchange exchange) throws Exception {
    PollTurn turn = PollTurn.in(exchange);
    turn.ask().forEach(exchange::setVariable);
    Map<String, Secret> parameters = new TreeMap<>(turn.of().system().parameters());
    resource(turn).forEach((name, value) -> parameters.put(name, new Secret(value)));
    parameters.putAll(turn.of().poll().parameters());
    EgressTarget target = new EgressTarget(turn.of().tenant().id(), turn.of().system().name());
    sources.ask(source(turn).kamelet(), turn.of().name(), target, parameters, exchange);
  }

  /** Leaves the events that were not sent before as body, for one send. */
  public void read(Exchange exchange) throws IOException {
    PollTurn turn = PollTurn.in(exchange);
    Page page;
    try (InputStream answer = exchange.getMessage().getBody(InputStream.class)) {
      page = pages.read(source(turn).page(), request(turn), answer);
    }
    if (page.next().equals(turn.ask())) {
      throw new IllegalStateException(
          source(turn).page() + ": next: the same page again; expected what lies behind it");
    }
    TakenPage taken = records.read(turn, page);
    taken.putInto(exchange);
    ingress.offer(exchange, taken.fresh());
  }

  /** What the page mapping may know: nothing that a sign-in needs. */
  private Map<String, String> request(PollTurn turn) {
    Map<String, String> request = resource(turn);
    request.replaceAll(
        (name, value) ->
            turn.of().poll().parameters().getOrDefault(name, new Secret(value)).value());
    request.putAll(turn.ask());
    return request;
  }

  private Map<String, String> resource(PollTurn turn) {
    return new TreeMap<>(source(turn).resources().get(turn.of().poll().resource()));
  }

  private Connector.Source source(PollTurn turn) {
    return connectors.get(turn.of().system().connector()).source().orElseThrow();
  }
}
