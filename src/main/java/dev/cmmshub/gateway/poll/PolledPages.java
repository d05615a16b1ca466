package dev.cmmshub.gateway.poll;

import dev.cmmshub.gateway.EventIngress;
import java.io.IOException;
import org.apache.camel.Exchange;

/** The steps of one polled page: ask for it, read it, offer its records to the event broker. */
public final class PolledPages {
  private final SourcePages pages;
  private final RecordReader records;
  private final EventIngress ingress;

  public PolledPages(SourcePages pages, RecordReader records, EventIngress ingress) {
    this.pages = pages;
    this.records = records;
    this.ingress = ingress;
  }

  /** Leaves the system's answer as body. */
  public void ask(Exchange exchange) throws Exception {
    PollTurn turn = PollTurn.in(exchange);
    pages.ask(turn.of(), turn.of().name(), turn.ask(), exchange);
  }

  /** Leaves the events that were not sent before as body, for one send. */
  public void read(Exchange exchange) throws IOException {
    PollTurn turn = PollTurn.in(exchange);
    TakenPage taken = records.read(turn, pages.read(turn.of(), turn.ask(), exchange));
    taken.putInto(exchange);
    ingress.offer(exchange, taken.fresh());
  }
}
