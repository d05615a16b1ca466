package dev.cmmshub.gateway.throttle;

import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;

/**
 * Tokens a second, and how many are saved up.
 *
 * @param most saved up at most, and so the most that can be taken at once
 * @param least what one node must be able to take at once when it limits alone
 */
record Rate(long perSecond, long most, long least) {
  /** Of all nodes together. */
  BucketConfiguration shared() {
    return configuration(1, most);
  }

  /** Of one of so many nodes. */
  BucketConfiguration share(int nodes) {
    return configuration(nodes, shareOfMost(nodes));
  }

  long shareOfMost(int nodes) {
    return Math.max(least, most / nodes);
  }

  /** So many tokens each few seconds: a rate below one a second has no other words. */
  private BucketConfiguration configuration(int seconds, long capacity) {
    return BucketConfiguration.builder()
        .addLimit(
            limit -> limit.capacity(capacity).refillGreedy(perSecond, Duration.ofSeconds(seconds)))
        .build();
  }
}
