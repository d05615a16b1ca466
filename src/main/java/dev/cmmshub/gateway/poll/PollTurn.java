package dev.cmmshub.gateway.poll;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * One page to be read. Whose it is comes from here, never from what the system answers.
 *
 * @param ask the variables the source reads
 * @param sentBefore ids of records that are safe already
 */
record PollTurn(PollDefinition of, Map<String, String> ask, Set<String> sentBefore) {
  private static final String VARIABLE = "turn";

  void putInto(Exchange exchange) {
    exchange.setVariable(VARIABLE, this);
  }

  static PollTurn in(Exchange exchange) {
    return exchange.getVariable(VARIABLE, PollTurn.class);
  }
}
