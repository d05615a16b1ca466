package dev.cmmshub.gateway.poll;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * A page whose records were looked at.
 *
 * @param fresh records that were not sent before
 * @param unrecognised records that are no events, and were not put aside before
 * @param ids of all records
 */
record TakenPage(Page page, List<Event> fresh, List<FailedEvent> unrecognised, Set<String> ids) {
  private static final String VARIABLE = "page";

  int known() {
    return ids.size() - fresh.size() - unrecognised.size();
  }

  void putInto(Exchange exchange) {
    exchange.setVariable(VARIABLE, this);
  }

  static TakenPage in(Exchange exchange) {
    return exchange.getVariable(VARIABLE, TakenPage.class);
  }
}
