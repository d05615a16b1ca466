package dev.cmmshub.recovery;

import java.time.Duration;

/** What happens next with a failure. */
public sealed interface Verdict {
  /**
   * Tried again after a pause.
   *
   * @param burned whether it counts as an attempt; not when nobody was asked
   */
  record Later(Duration after, boolean burned) implements Verdict {}

  /**
   * Tried again after a pause like {@link Later}, but the receiver may have applied it already: it
   * is asked first, where its connector says how.
   */
  record Unknown(Duration after, boolean burned) implements Verdict {}

  /** Can not work without a hand: goes to the dead letters. */
  record Never(String why) implements Verdict {}
}
