package dev.cmmshub.gateway.throttle;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.util.concurrent.atomic.LongAdder;

/**
 * This node's copy of a bucket in Redis. Taking never waits: what was taken here is told to Redis
 * later, and what others took is heard then. So a bucket can be overdrawn by what nodes take
 * between two settlements; the debt is paid before anybody gets more, which keeps the rate.
 */
final class SharedBucket {
  private final String name;
  private final Rate rate;
  private final Bucket copy;
  private final LongAdder untold = new LongAdder();
  // Changed by the settling thread only.
  private volatile boolean alone;

  /**
   * @param name of the bucket in Redis
   */
  SharedBucket(String name, Rate rate) {
    this.name = name + ':' + rate.perSecond() + ':' + rate.most();
    this.rate = rate;
    BucketConfiguration shared = rate.shared();
    this.copy =
        Bucket.builder().addLimit(shared.getBandwidths()[0]).withNanosecondPrecision().build();
  }

  /** All of the tokens or none; the answer tells how many are left, or how long to wait. */
  ConsumptionProbe take(long tokens) {
    ConsumptionProbe probe = copy.tryConsumeAndReturnRemaining(tokens);
    if (probe.isConsumed()) {
      untold.add(tokens);
    }
    return probe;
  }

  /** As if they had not been taken. */
  void giveBack(long tokens) {
    copy.addTokens(tokens);
    untold.add(-tokens);
  }

  /** Tells Redis what was taken here and takes over what is left; waits for Redis. */
  void settle(RedisBuckets redis, int nodes) {
    if (alone) {
      // The nodes' shares make up the whole: so does what is missing in them.
      untold.reset();
      untold.add(Math.max(0, rate.shareOfMost(nodes) - copy.getAvailableTokens()));
      copy.replaceConfiguration(rate.shared(), TokensInheritanceStrategy.AS_IS);
      alone = false;
    }
    long told = untold.sumThenReset();
    if (told <= 0) {
      untold.add(told);
      return;
    }
    try {
      long left = redis.take(name, rate.shared(), told);
      // What was taken meanwhile counts here already, and there at the next settlement.
      fillTo(left - untold.sum());
    } catch (RuntimeException e) {
      untold.add(told);
      throw e;
    }
  }

  private void fillTo(long tokens) {
    long missing = tokens - copy.getAvailableTokens();
    if (missing > 0) {
      copy.addTokens(missing);
    } else if (missing < 0) {
      copy.consumeIgnoringRateLimits(-missing);
    }
  }

  /** Goes on with this node's share, and owes nothing for the time without Redis. */
  void limitAlone(int nodes) {
    if (!alone) {
      // Each copy stands for the whole: what is left, or owed, is divided too.
      long mine = copy.getAvailableTokens() / nodes;
      copy.replaceConfiguration(rate.share(nodes), TokensInheritanceStrategy.AS_IS);
      fillTo(mine);
      alone = true;
    }
    untold.reset();
  }
}
