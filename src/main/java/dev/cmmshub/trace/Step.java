package dev.cmmshub.trace;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/**
 * One step of an event's way as a span, from its making to one of {@link #end} and {@link #fail};
 * what comes after the first of these has no effect. Safe to use from any thread.
 */
public final class Step {
  /** A step of an event that is not traced: it does nothing. */
  public static final Step NONE = new Step(null, null);

  private final Span span;
  private final TraceParent place;

  private Step(Span span, TraceParent place) {
    this.span = span;
    this.place = place;
  }

  static Step of(Span span) {
    return new Step(
        span,
        TraceParent.of(span.getSpanContext().getTraceId(), span.getSpanContext().getSpanId()));
  }

  /** Makes no span, but keeps the place in a trace that is not recorded here. */
  static Step unsampled(TraceParent place) {
    return new Step(null, place.unsampled());
  }

  /** Whether a span is made. */
  public boolean isTraced() {
    return span != null;
  }

  /** The event with this step as what comes before its next one. */
  public Event carry(Event event) {
    return place == null ? event : event.withTrace(place);
  }

  public Step put(AttributeKey<String> name, String value) {
    if (span != null) {
      span.setAttribute(name, value);
    }
    return this;
  }

  public Step put(AttributeKey<Long> name, long value) {
    if (span != null) {
      span.setAttribute(name, value);
    }
    return this;
  }

  public void end() {
    if (span != null) {
      span.end();
    }
  }

  /**
   * Ends it as failed.
   *
   * @param errorClass short and of few values; never what was sent or answered
   */
  public void fail(String errorClass) {
    if (span != null) {
      span.setAttribute(Names.ERROR, errorClass);
      span.setStatus(StatusCode.ERROR);
      span.end();
    }
  }
}
