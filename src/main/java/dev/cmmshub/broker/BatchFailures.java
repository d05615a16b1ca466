package dev.cmmshub.broker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a batch whose route failed as a whole: nothing of it is acknowledged, it is read again. */
public final class BatchFailures {
  private static final Logger LOG = LoggerFactory.getLogger(BatchFailures.class);

  /** A batch that is read again fails after seconds; after longer it is another failure. */
  private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  private record Told(String error, long nanos) {
    boolean isAgain(Told before) {
      return before != null && before.error.equals(error) && nanos - before.nanos < AGAIN_NANOS;
    }
  }

  // What each route failed with last.
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  /** Hands the failure to the batch, which the consumer then reads again. */
  public void readAgain(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    EventBatch batch = exchange.getVariable(BatchReader.BATCH, EventBatch.class);
    String route = exchange.getFromRouteId();
    Told now = new Told(error.toString(), System.nanoTime());
    if (!now.isAgain(told.put(route, now))) {
      LOG.error("Route {} failed on a batch, which is read again until it works", route, error);
    }
    if (batch != null) {
      batch.done().completeExceptionally(error);
    }
  }
}
