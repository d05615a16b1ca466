package dev.cmmshub.observe;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.notifier.NotifierObserver;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Tells all listeners of each step. */
public final class PassageHub implements Passages, NotifierObserver {
  private final List<Passages> listeners;

  public PassageHub(Metrics metrics, List<Passages> others) {
    this.listeners = new ArrayList<>(others);
    this.listeners.add(0, metrics);
  }

  /** Before anything passes. */
  public void add(Passages listener) {
    listeners.add(listener);
  }

  @Override
  public void accepted(Event event) {
    listeners.forEach(listener -> listener.accepted(event));
  }

  @Override
  public void rejected(String tenant, String code) {
    listeners.forEach(listener -> listener.rejected(tenant, code));
  }

  @Override
  public void stored(Event event, Outcome outcome, String shard) {
    for (Passages listener : listeners) {
      listener.stored(event, outcome, shard);
    }
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    for (Passages listener : listeners) {
      listener.delivered(delivery, nanos);
    }
  }

  @Override
  public void skipped(Delivery delivery) {
    listeners.forEach(listener -> listener.skipped(delivery));
  }

  @Override
  public void found(Delivery delivery) {
    listeners.forEach(listener -> listener.found(delivery));
  }

  @Override
  public void queued(Delivery delivery) {
    listeners.forEach(listener -> listener.queued(delivery));
  }

  @Override
  public void failed(Delivery delivery, Failure failure) {
    listeners.forEach(listener -> listener.failed(delivery, failure));
  }

  @Override
  public void judged(FailedEvent failed, Verdict verdict) {
    listeners.forEach(listener -> listener.judged(failed, verdict));
  }
}
