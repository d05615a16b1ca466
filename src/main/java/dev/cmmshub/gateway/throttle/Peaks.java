package dev.cmmshub.gateway.throttle;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What was let through within the last hour, in steps of five minutes. Counting never waits. */
final class Peaks {
  private static final int STEPS = 12;
  private static final int SECONDS_A_STEP = 300;

  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAccumulator inFlight = new LongAccumulator(Math::max, 0);
  private final LongAccumulator body = new LongAccumulator(Math::max, 0);
  private final Peak[] steps = new Peak[STEPS];
  private long step;

  Peaks() {
    Arrays.fill(steps, Peak.NONE);
  }

  /**
   * @param atOnce how many are being worked on, with this one
   */
  void count(long size, int atOnce) {
    requests.increment();
    bytes.add(size);
    inFlight.accumulate(atOnce);
    body.accumulate(size);
  }

  /**
   * To be called once a second.
   *
   * @param second which one it is, of a clock that never goes back
   */
  synchronized void endSecond(long second) {
    long now = second / SECONDS_A_STEP;
    for (long passed = Math.max(step + 1, now - STEPS + 1); passed <= now; passed++) {
      steps[(int) (passed % STEPS)] = Peak.NONE;
    }
    step = now;
    int here = (int) (now % STEPS);
    steps[here] =
        steps[here].or(
            new Peak(
                requests.sumThenReset(),
                bytes.sumThenReset(),
                inFlight.getThenReset(),
                body.getThenReset()));
  }

  /** Of the last hour; what came within the second that is not over may be missing. */
  synchronized Peak most() {
    return Arrays.stream(steps).reduce(Peak.NONE, Peak::or);
  }
}
