package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Says what a failed call of a sink Kamelet means; the dead-letter channel of its route ends here.
 */
public final class SystemFailures {
  /** The variable that tells the sender how the delivery failed. */
  public static final String FAILURE = "failure";

  private static final int SERVER_ERROR = 500;

  /** Keeps the failure that exhausted the route's redeliveries. */
  public void keep(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    exchange.setVariable(
        FAILURE, of(exchange.getVariable(SystemSender.DELIVERY, Delivery.class), error));
  }

  /**
   * Whether the system answered that this one event is wrong, so that asking again at once is of no
   * use. A circuit breaker wraps the answer, which an expression in a route cannot look behind.
   */
  public boolean isRefusal(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof HttpOperationFailedException http) {
        return http.getStatusCode() < SERVER_ERROR;
      }
    }
    return false;
  }

  static Failure of(Delivery delivery, Throwable error) {
    String subscription = delivery.subscription().id();
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof DeliveryException known) {
        return known.failure();
      }
      if (t instanceof HttpOperationFailedException http) {
        return new Failure(
            "deliver",
            "status",
            "the system answered " + http.getStatusCode() + " " + http.getStatusText(),
            http.getStatusCode(),
            retryAfter(http.getResponseHeaders()),
            subscription);
      }
      if (t instanceof SocketTimeoutException) {
        return Failure.delivery(subscription, "timeout", "the system did not answer in time");
      }
      if (t instanceof java.io.IOException) {
        return Failure.delivery(
            subscription, "connection", t.getClass().getSimpleName() + ": " + t.getMessage());
      }
      if (t.getClass().getSimpleName().equals("CallNotPermittedException")) {
        return Failure.delivery(subscription, "breaker", "the system's circuit breaker is open");
      }
    }
    return Failure.delivery(subscription, "internal", String.valueOf(error));
  }

  private static java.time.Duration retryAfter(Map<String, String> headers) {
    return headers == null ? null : WebhookSender.retryAfter(headers.get("Retry-After"));
  }
}
