package dev.cmmshub.trace;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Makes the spans of events' ways. Whether an event is traced is decided once, when it is received;
 * from then on it carries its place in the trace, and who has none is not traced: nothing is made
 * for it. Nothing here waits or throws.
 */
public final class Traces {
  /** Makes none. */
  public static final Traces OFF = new Traces(null, 0, false);

  private final Tracer tracer;
  private final double ratio;
  private final boolean callersDecide;
  private final CurrentTrace current = new CurrentTrace();

  /**
   * @param tracer records all it is asked for
   * @param ratio how many of the events that are received are traced, from 0 to 1
   * @param callersDecide whether who sends a {@code traceparent} says if it is recorded
   */
  public Traces(Tracer tracer, double ratio, boolean callersDecide) {
    this.tracer = tracer;
    this.ratio = ratio;
    this.callersDecide = callersDecide;
  }

  /** Whether any event is traced. */
  public boolean isOn() {
    return tracer != null;
  }

  /** What exemplars are taken from. */
  public CurrentTrace current() {
    return current;
  }

  /**
   * Says what the thread works on, until the scope is closed.
   *
   * @param event or null
   */
  public CurrentTrace.Scope current(Event event) {
    return tracer == null || event == null || event.trace() == null
        ? CurrentTrace.Scope.NONE
        : current.begin(event.trace());
  }

  /**
   * Begins an event's way.
   *
   * @param kind {@code SERVER} for what was sent, {@code CONSUMER} for what the hub asked for
   * @param caller where the caller's own trace is, which is gone on with; or null
   * @param sinceMs when the request began, milliseconds since 1970
   */
  public Step receive(SpanKind kind, Event event, TraceParent caller, long sinceMs) {
    if (tracer == null) {
      return Step.NONE;
    }
    boolean sampled =
        caller != null && callersDecide
            ? caller.sampled()
            : ratio >= 1 || ThreadLocalRandom.current().nextDouble() < ratio;
    if (!sampled) {
      return caller == null ? Step.NONE : Step.unsampled(caller);
    }
    SpanBuilder builder =
        of("receive", kind, event).setStartTimestamp(sinceMs, TimeUnit.MILLISECONDS);
    return begin(caller == null ? builder.setNoParent() : builder.setParent(parent(caller)));
  }

  /** A step behind the one before. */
  public Step begin(String name, Event event) {
    return begin(name, SpanKind.INTERNAL, event);
  }

  /** The same of another kind. */
  public Step begin(String name, SpanKind kind, Event event) {
    if (isUntraced(event)) {
      return Step.NONE;
    }
    return begin(of(name, kind, event).setParent(parent(event.trace())));
  }

  /**
   * The same step of many.
   *
   * @param kind {@code PRODUCER} for what goes to Kafka
   */
  public EventSteps beginAll(String name, SpanKind kind, List<Event> events) {
    Step[] steps = null;
    for (int i = 0; tracer != null && i < events.size(); i++) {
      Step step = begin(name, kind, events.get(i));
      if (step != Step.NONE && steps == null) {
        steps = new Step[events.size()];
        Arrays.fill(steps, Step.NONE);
      }
      if (steps != null) {
        steps[i] = step;
      }
    }
    return steps == null ? EventSteps.NONE : EventSteps.of(steps);
  }

  /**
   * Another try of what was tried before, later and maybe by another process: in the same trace,
   * behind the first try and linked to it.
   */
  public Step again(String name, Event event) {
    if (isUntraced(event)) {
      return Step.NONE;
    }
    Context first = parent(event.trace());
    return begin(
        of(name, SpanKind.INTERNAL, event)
            .setParent(first)
            .addLink(Span.fromContext(first).getSpanContext()));
  }

  private boolean isUntraced(Event event) {
    return tracer == null || event.trace() == null || !event.trace().sampled();
  }

  private SpanBuilder of(String name, SpanKind kind, Event event) {
    EventKey key = event.key();
    return tracer
        .spanBuilder(name)
        .setSpanKind(kind)
        .setAttribute(Names.TENANT, key.tenant())
        .setAttribute(Names.SYSTEM, key.system())
        .setAttribute(Names.ENTITY, key.entity())
        .setAttribute(Names.EVENT, event.id());
  }

  private static Step begin(SpanBuilder builder) {
    return Step.of(builder.startSpan());
  }

  private static Context parent(TraceParent place) {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    place.traceId(),
                    place.spanId(),
                    TraceFlags.getSampled(),
                    TraceState.getDefault())));
  }
}
