package dev.cmmshub.gateway.token;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.tenant.TokenIssuer;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The keys of one issuer as they were fetched last, and when to fetch them again. They stay while
 * the issuer is down. Times are those of {@link System#nanoTime}.
 */
final class IssuerKeys {
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);
  private static final int MOST_DOUBLINGS = 6;

  /** Forged signatures cost as much to check as right ones, up to 2 ms on the event loop. */
  private static final int FORGED_AT_ONCE = 20;

  private static final int FORGED_PER_SECOND = 10;

  private final EgressTarget target;
  private final TokenIssuer issuer;
  private final long refresh;
  private final long unknownPause;
  private volatile KeySet keys;
  private long next;
  private long begun;
  private boolean running;
  private int failures;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final Bucket forgeries =
      Bucket.builder()
          .addLimit(
              limit ->
                  limit
                      .capacity(FORGED_AT_ONCE)
                      .refillGreedy(FORGED_PER_SECOND, Duration.ofSeconds(1)))
          .build();

  /**
   * @param refresh nanoseconds from one fetch to the next
   * @param unknownPause nanoseconds between two fetches at least, however many unknown keys are
   *     named
   * @param now keys are fetched from now on
   */
  IssuerKeys(EgressTarget target, TokenIssuer issuer, long refresh, long unknownPause, long now) {
    this.target = target;
    this.issuer = issuer;
    this.refresh = refresh;
    this.unknownPause = unknownPause;
    this.next = now;
    this.begun = now - unknownPause;
  }

  EgressTarget target() {
    return target;
  }

  TokenIssuer issuer() {
    return issuer;
  }

  /** Null until they have been fetched once. */
  KeySet keys() {
    return keys;
  }

  /** Whether signatures are checked now: not while somebody sends forged ones again and again. */
  boolean mayCheck() {
    return forgeries.getAvailableTokens() > 0;
  }

  /** A signature was not genuine. */
  void forged() {
    forgeries.tryConsume(1);
  }

  /** A token names a key that is not there. */
  void want() {
    wanted.set(true);
  }

  /** Whether the caller is to fetch them now; nobody else does until it is done or failed. */
  synchronized boolean begin(long now) {
    if (running) {
      return false;
    }
    boolean due = now - next >= 0;
    boolean asked = wanted.get() && now - begun >= unknownPause;
    if (due || asked) {
      running = true;
      begun = now;
      wanted.set(false);
    }
    return running;
  }

  /**
   * @return whether it had failed before
   */
  synchronized boolean done(KeySet fetched, long now) {
    boolean better = failures > 0;
    running = false;
    failures = 0;
    next = now + refresh;
    // The same set stays the same object, so that tokens checked with it need not be checked again.
    if (!fetched.isSame(keys)) {
      keys = fetched;
    }
    return better;
  }

  /**
   * @return whether it is the first time
   */
  synchronized boolean failed(long now) {
    running = false;
    failures++;
    next =
        now
            + Math.min(
                LONGEST_PAUSE, TimeUnit.SECONDS.toNanos(1L << Math.min(failures, MOST_DOUBLINGS)));
    return failures == 1;
  }
}
