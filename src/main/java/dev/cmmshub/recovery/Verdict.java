package dev.cmmshub.recovery;

import java.time.Duration;

/** What happens next with a failure. */
public sealed interface Verdict {
  /** Tried again after a pause. */
  record Later(Duration after) implements Verdict {}

  /** Can not work without a hand: goes to the dead letters. */
  record Never(String why) implements Verdict {}
}
