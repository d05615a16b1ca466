package dev.cmmshub.gateway;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.TraceParent;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Begins the trace of each event that is received; its first span ends with the request. A caller's
 * own trace is gone on with, once it is known who calls.
 */
final class ReceivedEvents {
  /** The variable a caller's trace is in, as it was sent. */
  static final String CALLER = "traceparent";

  private static final int FAILED = 400;

  private final Traces traces;

  ReceivedEvents(Traces traces) {
    this.traces = traces;
  }

  Event begin(Exchange exchange, Event event) {
    return traces.isOn() ? begin(exchange, event, caller(exchange)) : event;
  }

  List<Event> begin(Exchange exchange, List<Event> events) {
    if (!traces.isOn()) {
      return events;
    }
    TraceParent caller = caller(exchange);
    List<Event> begun = new ArrayList<>(events.size());
    for (Event event : events) {
      begun.add(begin(exchange, event, caller));
    }
    return begun;
  }

  private static TraceParent caller(Exchange exchange) {
    return TraceParent.read(exchange.getVariable(CALLER, String.class));
  }

  private Event begin(Exchange exchange, Event event, TraceParent caller) {
    SpanKind kind = Credentials.identity(exchange) == null ? SpanKind.CONSUMER : SpanKind.SERVER;
    Step step = traces.receive(kind, event, caller, exchange.getClock().getCreated());
    if (step.isTraced()) {
      exchange.getExchangeExtension().addOnCompletion(new End(step));
    }
    return step.carry(event);
  }

  /** Ends a span as the request ended. */
  private static final class End extends SynchronizationAdapter {
    private final Step step;

    End(Step step) {
      this.step = step;
    }

    @Override
    public void onDone(Exchange ended) {
      Integer status = ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
      if (status != null) {
        step.put(Names.STATUS, status);
      }
      if (status != null && status >= FAILED) {
        step.fail(status.toString());
      } else if (ended.getException() != null) {
        step.fail(ended.getException().getClass().getSimpleName());
      } else {
        step.end();
      }
    }
  }
}
