package dev.cmmshub.broker;

import dev.cmmshub.message.TraceParent;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Between Camel messages and Kafka records: only CloudEvents attributes and the event's trace go
 * out, and nothing comes in (steps read the record's own headers), so no header can steer a
 * component.
 */
public final class CloudEventHeaderFilter implements HeaderFilterStrategy {
  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !name.startsWith("ce_")
        && !name.equals("content-type")
        && !name.equals(TraceParent.HEADER);
  }

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return true;
  }
}
