package dev.cmmshub.broker;

import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a batch whose route failed as a whole: nothing of it is acknowledged, it is read again. */
public final class BatchFailures {
  private static final Logger LOG = LoggerFactory.getLogger(BatchFailures.class);

  /** Hands the failure to the batch, which the consumer then reads again. */
  public void readAgain(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    LOG.error("Route {} failed on a batch, which is read again", exchange.getFromRouteId(), error);
    EventBatch batch = exchange.getVariable(BatchReader.BATCH, EventBatch.class);
    if (batch != null) {
      batch.done().completeExceptionally(error);
    }
  }
}
