package dev.cmmshub.observe.flow;

import dev.cmmshub.store.Flow;
import dev.cmmshub.store.FlowRows;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What succeeded of one flow since it was last written. */
final class FlowTally {
  private final Flow flow;
  private long events;
  private int minutes;
  private long lastMillis;
  private long lastMinute = -1;

  FlowTally(Flow flow) {
    this.flow = flow;
  }

  synchronized void count(long millis) {
    events++;
    lastMillis = Math.max(lastMillis, millis);
    long minute = TimeUnit.MILLISECONDS.toMinutes(millis);
    if (minute > lastMinute) {
      minutes++;
      lastMinute = minute;
    }
  }

  /** Takes what there is; empty when nothing succeeded. */
  synchronized Optional<FlowRows.Tally> take() {
    if (events == 0) {
      return Optional.empty();
    }
    FlowRows.Tally taken =
        new FlowRows.Tally(flow, Instant.ofEpochMilli(lastMillis), events, minutes);
    events = 0;
    minutes = 0;
    return Optional.of(taken);
  }

  /** What was taken could not be written. */
  synchronized void putBack(FlowRows.Tally taken) {
    events += taken.events();
    minutes += taken.minutes();
  }
}
