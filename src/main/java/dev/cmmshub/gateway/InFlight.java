package dev.cmmshub.gateway;

import dev.cmmshub.message.ProblemException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Bounds what waits for the broker: 24 MB, below the 32 MB of the Kafka client, which would block
 * the event loop when full. Above that a request is refused at once and can be repeated.
 */
final class InFlight {
  private static final long MOST_BYTES = 24L << 20;
  private static final int RETRY_AFTER_SECONDS = 2;

  private final AtomicLong bytes = new AtomicLong();

  /** Counts the body until the exchange has ended. */
  void enter(Exchange exchange, int size) {
    if (bytes.addAndGet(size) > MOST_BYTES) {
      bytes.addAndGet(-size);
      throw new ProblemException(
          503,
          "busy",
          "more than 24 MB wait for the event broker: send the same event again",
          RETRY_AFTER_SECONDS);
    }
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange ended) {
                bytes.addAndGet(-size);
              }
            });
  }
}
