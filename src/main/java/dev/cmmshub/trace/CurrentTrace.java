package dev.cmmshub.trace;

import dev.cmmshub.message.TraceParent;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.slf4j.MDC;

/**
 * The trace a thread works for: log lines name it as {@code trace.id} (Elastic Common Schema),
 * histograms as exemplar.
 */
public final class CurrentTrace implements SpanContext {
  private static final String TRACE_ID = "trace.id";

  private final ThreadLocal<TraceParent> current = new ThreadLocal<>();

  /** From its making until it is closed, by the same thread; may be nested. */
  public static final class Scope implements AutoCloseable {
    static final Scope NONE = new Scope(null, null);

    private final CurrentTrace of;
    private final TraceParent before;

    private Scope(CurrentTrace of, TraceParent before) {
      this.of = of;
      this.before = before;
    }

    @Override
    public void close() {
      if (of != null) {
        of.set(before);
      }
    }
  }

  Scope begin(TraceParent place) {
    Scope scope = new Scope(this, current.get());
    set(place);
    return scope;
  }

  private void set(TraceParent place) {
    if (place == null) {
      current.remove();
      MDC.remove(TRACE_ID);
    } else {
      current.set(place);
      MDC.put(TRACE_ID, place.traceId());
    }
  }

  @Override
  public String getCurrentTraceId() {
    TraceParent place = current.get();
    return place == null ? null : place.traceId();
  }

  @Override
  public String getCurrentSpanId() {
    TraceParent place = current.get();
    return place == null ? null : place.spanId();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    TraceParent place = current.get();
    return place != null && place.sampled();
  }

  /** All spans of a sampled trace are kept anyway. */
  @Override
  public void markCurrentSpanAsExemplar() {}
}
