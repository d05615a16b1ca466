package dev.cmmshub.notifier;

import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ErrorRule;
import dev.cmmshub.connector.ErrorRules;
import dev.cmmshub.egress.EgressRefusedException;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.RetryAfter;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Says how a call of a sink Kamelet failed, and which of the connector's error rules the answer
 * matched; what becomes of it is decided by {@code recovery}. The dead-letter channel of the
 * Kamelet's route ends here.
 */
public final class SystemFailures {
  /** The variable that tells the sender how the delivery failed. */
  public static final String FAILURE = "failure";

  /** The variable that is there once no earlier attempt's outcome is unknown any more. */
  static final String SETTLED = "settled";

  private static final int SERVER_ERROR = 500;

  /** The same call at once would end in the same way. */
  private static final Set<String> FINAL = Set.of("timeout", WebhookSender.EGRESS);

  /** A gateway's answers: what stands behind it may have applied the request. */
  private static final Set<Integer> BETWEEN = Set.of(502, 504);

  /** So much of an answer's body is looked at. */
  private static final int LONGEST_BODY = 16 << 10;

  private final Map<String, Connector> connectors;

  public SystemFailures(Map<String, Connector> connectors) {
    this.connectors = connectors;
  }

  /** Keeps the failure that exhausted the route's redeliveries. */
  public void keep(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Delivery delivery = SystemRequests.delivery(exchange);
    Failure failure = of(delivery, error);
    boolean open = delivery.unknown() && exchange.getVariable(SETTLED) == null;
    exchange.setVariable(FAILURE, open ? failure.withUnknownOutcome() : failure);
  }

  /**
   * Whether the system answered that this one event is wrong, so that asking again at once is of no
   * use. A circuit breaker wraps the answer, which an expression in a route cannot look behind.
   */
  public boolean isRefusal(Exchange exchange) {
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    return answer(error).filter(http -> http.getStatusCode() < SERVER_ERROR).isPresent();
  }

  /** The answer that made a call fail, if there was one. */
  static Optional<HttpOperationFailedException> answer(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof HttpOperationFailedException http) {
        return Optional.of(http);
      }
    }
    return Optional.empty();
  }

  /**
   * The error itself where the same call at once may help, else its failure.
   *
   * @param repeatable whether the request may be sent again when it was applied already
   */
  Exception toThrow(Delivery delivery, Exception error, boolean repeatable) {
    Failure failure = of(delivery, error);
    if (failure.rule() == null && !repeatable && mayBeApplied(error)) {
      failure = failure.withUnknownOutcome();
    }
    boolean atOnce =
        failure.rule() == null && !failure.unknown() && !FINAL.contains(failure.errorClass());
    return atOnce ? error : new DeliveryException(failure);
  }

  private static boolean mayBeApplied(Throwable error) {
    Optional<HttpOperationFailedException> answer = answer(error);
    if (answer.isPresent()) {
      return BETWEEN.contains(answer.get().getStatusCode());
    }
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof IOException) {
        return !NothingSent.by(t);
      }
    }
    return false;
  }

  Failure of(Delivery delivery, Throwable error) {
    String subscription = delivery.subscription().id();
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof DeliveryException known) {
        return known.failure();
      }
      if (t instanceof EgressRefusedException) {
        return Failure.delivery(subscription, WebhookSender.EGRESS, t.getMessage());
      }
      if (t instanceof HttpOperationFailedException http) {
        return answered(delivery, http);
      }
      if (t instanceof SocketTimeoutException && !NothingSent.by(t)) {
        return Failure.delivery(subscription, "timeout", "the system did not answer in time");
      }
      if (t instanceof IOException) {
        return Failure.delivery(
            subscription, "connection", t.getClass().getSimpleName() + ": " + t.getMessage());
      }
      if (t.getClass().getSimpleName().equals("CallNotPermittedException")) {
        return Failure.delivery(subscription, "breaker", "the system's circuit breaker is open");
      }
    }
    return Failure.delivery(subscription, "internal", String.valueOf(error));
  }

  /**
   * Looks at a success where the connector says that such an answer can be a failure.
   *
   * @throws DeliveryException when a rule says so
   */
  void check(Delivery delivery, Exchange answer) throws IOException {
    ErrorRules rules = rules(delivery);
    if (!rules.judgeSuccess()) {
      return;
    }
    int status = answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    Optional<ErrorRule> rule = rules.match(status, beginning(answer));
    if (rule.isPresent()) {
      throw new DeliveryException(
          matched(delivery, rule.get(), status, "the system answered " + status, null));
    }
  }

  private Failure answered(Delivery delivery, HttpOperationFailedException http) {
    int status = http.getStatusCode();
    String reason = "the system answered " + status + " " + http.getStatusText();
    Duration retryAfter = RetryAfter.in(http.getResponseHeaders());
    return rules(delivery)
        .match(status, beginning(http.getResponseBody()))
        .map(rule -> matched(delivery, rule, status, reason, retryAfter))
        .orElseGet(
            () ->
                new Failure(
                    "deliver", "status", reason, status, retryAfter, delivery.subscription().id()));
  }

  private static Failure matched(
      Delivery delivery, ErrorRule rule, int status, String answered, Duration retryAfter) {
    return new Failure(
        "deliver",
        rule.errorClass(),
        answered + (rule.reason().isEmpty() ? "" : ": " + rule.reason()),
        status,
        retryAfter,
        delivery.subscription().id(),
        rule.name(),
        rule.next() == ErrorRule.Next.UNKNOWN);
  }

  private ErrorRules rules(Delivery delivery) {
    return delivery
        .tenant()
        .system(delivery.subscription().to())
        .map(system -> connectors.get(system.connector()).errors())
        .orElse(ErrorRules.NONE);
  }

  private static String beginning(String body) {
    return body == null ? "" : body.substring(0, Math.min(body.length(), LONGEST_BODY));
  }

  private static String beginning(Exchange answer) throws IOException {
    InputStream body = answer.getMessage().getBody(InputStream.class);
    return body == null ? "" : new String(body.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
  }
}
