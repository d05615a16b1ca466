package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;

/** Hears what became of each failure; must return quickly. */
public interface RecoveryObserver {
  void judged(FailedEvent failed, Verdict verdict);
}
