package dev.cmmshub.observe;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.notifier.NotifierObserver;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;

/** Tells all listeners of each step, with the event's trace as the current one. */
public final class PassageHub implements Passages, NotifierObserver {
  private final List<Passages> listeners;
  private final Traces traces;

  public PassageHub(Metrics metrics, List<Passages> others, Traces traces) {
    this.listeners = new ArrayList<>(others);
    this.listeners.add(0, metrics);
    this.traces = traces;
  }

  /** Before anything passes. */
  public void add(Passages listener) {
    listeners.add(listener);
  }

  @Override
  public void accepted(Event event) {
    try (CurrentTrace.Scope scope = traces.current(event)) {
      listeners.forEach(listener -> listener.accepted(event));
    }
  }

  @Override
  public void rejected(String tenant, String code) {
    listeners.forEach(listener -> listener.rejected(tenant, code));
  }

  @Override
  public void stored(Event event, Outcome outcome, String shard) {
    try (CurrentTrace.Scope scope = traces.current(event)) {
      for (Passages listener : listeners) {
        listener.stored(event, outcome, shard);
      }
    }
  }

  @Override
  public Delivery begun(Delivery delivery) {
    Step step = traces.begin("deliver", SpanKind.CLIENT, delivery.event());
    return step.isTraced()
        ? delivery.begun(
            step.put(Names.SUBSCRIPTION, delivery.subscription().id())
                .put(Names.ATTEMPT, delivery.attempt()))
        : delivery;
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    try (CurrentTrace.Scope scope = traces.current(delivery.event())) {
      for (Passages listener : listeners) {
        listener.delivered(delivery, nanos);
      }
    }
    delivery.step().put(Names.OUTCOME, "delivered").end();
  }

  @Override
  public void skipped(Delivery delivery) {
    listeners.forEach(listener -> listener.skipped(delivery));
    delivery.step().put(Names.OUTCOME, "skipped").end();
  }

  @Override
  public void found(Delivery delivery) {
    listeners.forEach(listener -> listener.found(delivery));
    delivery.step().put(Names.OUTCOME, "found").end();
  }

  @Override
  public void queued(Delivery delivery) {
    listeners.forEach(listener -> listener.queued(delivery));
    delivery.step().put(Names.OUTCOME, "queued").end();
  }

  @Override
  public void failed(Delivery delivery, Failure failure) {
    try (CurrentTrace.Scope scope = traces.current(delivery.event())) {
      listeners.forEach(listener -> listener.failed(delivery, failure));
    }
    if (failure.status() > 0) {
      delivery.step().put(Names.STATUS, failure.status());
    }
    delivery.step().fail(failure.errorClass());
  }

  @Override
  public void judged(FailedEvent failed, Verdict verdict) {
    listeners.forEach(listener -> listener.judged(failed, verdict));
  }
}
