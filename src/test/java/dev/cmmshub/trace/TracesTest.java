package dev.cmmshub.trace;

import static io.opentelemetry.api.trace.SpanKind.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.TraceParent;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Who is traced, and that nothing is made for others. */
class TracesTest {
  private static final TraceParent CALLER =
      TraceParent.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
  private static final Event EVENT =
      new Event(
          "id-1",
          "t",
          "workorder/1",
          new EventKey("acme", "sap", "workorder", "1"),
          1,
          Instant.EPOCH,
          "application/json",
          null,
          "c-1",
          null,
          new byte[0]);

  private final Tracer tracer = SdkTracerProvider.builder().build().get("test");

  private static Step receive(Traces traces, TraceParent caller) {
    return traces.receive(SERVER, EVENT, caller, 0);
  }

  private static void doesNothingFor(Traces traces, Event event) {
    Step step = traces.begin("transform", event);
    assertThat(step).isSameAs(Step.NONE);
    assertThat(step.carry(event)).isSameAs(event);
    assertThat(traces.again("retry", event)).isSameAs(Step.NONE);
    assertThat(traces.beginAll("store", SERVER, List.of(event))).isSameAs(EventSteps.NONE);
  }

  @Test
  void offMakesNothing() {
    assertThat(receive(Traces.OFF, CALLER)).isSameAs(Step.NONE);
    doesNothingFor(Traces.OFF, EVENT);
    doesNothingFor(Traces.OFF, EVENT.withTrace(CALLER));
    assertThat(Traces.OFF.current(EVENT.withTrace(CALLER))).isSameAs(CurrentTrace.Scope.NONE);
  }

  @Test
  void nothingIsMadeForAnEventThatIsNotTraced() {
    Traces traces = new Traces(tracer, 1, false);
    doesNothingFor(traces, EVENT);
    doesNothingFor(traces, EVENT.withTrace(CALLER.unsampled()));
    assertThat(traces.current(EVENT)).isSameAs(CurrentTrace.Scope.NONE);
  }

  @Test
  void aCallerCannotHaveItsEventsTraced() {
    Traces traces = new Traces(tracer, 0, false);
    Step step = receive(traces, CALLER);
    assertThat(step.isTraced()).isFalse();
    assertThat(step.carry(EVENT).trace()).as("its receivers see it").isEqualTo(CALLER.unsampled());
    assertThat(receive(traces, null)).isSameAs(Step.NONE);
  }

  @Test
  void aCallerDecidesIfItMay() {
    assertThat(receive(new Traces(tracer, 0, true), CALLER).isTraced()).isTrue();
    assertThat(receive(new Traces(tracer, 1, true), CALLER.unsampled()).isTraced()).isFalse();
    assertThat(receive(new Traces(tracer, 0, true), null).isTraced()).isFalse();
    assertThat(receive(new Traces(tracer, 1, true), null).isTraced()).isTrue();
  }

  @Test
  void asManyAreTracedAsTheRatioSays() {
    Traces traces = new Traces(tracer, 0.25, false);
    assertThat(IntStream.range(0, 4000).filter(i -> receive(traces, CALLER).isTraced()).count())
        .isBetween(750L, 1250L);
  }

  @Test
  void ofManyOnlyTheTracedHaveASpan() {
    Traces traces = new Traces(tracer, 1, false);
    EventSteps steps =
        traces.beginAll("store", SERVER, List.of(EVENT, EVENT.withTrace(CALLER), EVENT));
    assertThat(IntStream.range(0, 3).mapToObj(i -> steps.at(i).isTraced()))
        .containsExactly(false, true, false);
    Event carried = steps.at(1).carry(EVENT);
    assertThat(carried.trace().traceId()).isEqualTo(CALLER.traceId());
    assertThat(carried.trace().spanId()).isNotEqualTo(CALLER.spanId());
  }

  @Test
  void theCurrentTraceIsTheInnermost() {
    Traces traces = new Traces(tracer, 1, false);
    Event other = receive(traces, null).carry(EVENT);
    try (CurrentTrace.Scope outer = traces.current(EVENT.withTrace(CALLER))) {
      try (CurrentTrace.Scope inner = traces.current(other)) {
        assertThat(MDC.get("trace.id")).isEqualTo(other.trace().traceId());
        assertThat(traces.current().getCurrentSpanId()).isEqualTo(other.trace().spanId());
      }
      assertThat(MDC.get("trace.id")).isEqualTo(CALLER.traceId());
      assertThat(traces.current().isCurrentSpanSampled()).isTrue();
    }
    assertThat(MDC.get("trace.id")).isNull();
    assertThat(traces.current().getCurrentTraceId()).isNull();
  }
}
