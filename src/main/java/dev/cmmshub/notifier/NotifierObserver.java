package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;

/** Hears what became of each delivery; must return quickly. */
public interface NotifierObserver {
  /** Hears that an attempt begins, and returns it with what it knows it by; or as it is. */
  default Delivery begun(Delivery delivery) {
    return delivery;
  }

  void delivered(Delivery delivery, long nanos);

  void skipped(Delivery delivery);

  /** An earlier attempt whose outcome was unknown had reached the observer. */
  void found(Delivery delivery);

  /** An earlier event of the same object waits for the observer; this one waits behind it. */
  void queued(Delivery delivery);

  void failed(Delivery delivery, Failure failure);
}
