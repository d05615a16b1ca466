package dev.cmmshub.gateway;

import dev.cmmshub.tenant.Tenants.Identity;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Traces;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a failed request with a problem document, and decides what the caller is told of it. */
public final class Problems {
  /** The variable with the tenant whose address was called, before anybody is known to speak. */
  static final String ADDRESSED = "addressed";

  /** The variable that tells how to sign in, where it is not by a key. */
  static final String CHALLENGE = "challenge";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Rejections rejections;
  private final Traces traces;

  public Problems(Rejections rejections, Traces traces) {
    this.rejections = rejections;
    this.traces = traces;
  }

  /** Renders the exception that ended the route. */
  public void answer(Exchange exchange) {
    ProblemException problem = problem(exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
    message.setHeader(Exchange.CONTENT_TYPE, ProblemDocument.CONTENT_TYPE);
    if (problem.retryAfterSeconds() > 0) {
      message.setHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
    }
    Throttle.tell(exchange, message);
    if (problem.status() == 401) {
      String challenge = exchange.getVariable(CHALLENGE, String.class);
      message.setHeader(
          "WWW-Authenticate", challenge == null ? "Bearer realm=\"cmms-hub\"" : challenge);
    }
    message.setBody(
        problem instanceof BadEventsException bad
            ? bad.document()
            : ProblemDocument.render(
                problem.status(),
                problem.code(),
                problem.getMessage(),
                problem.retryAfterSeconds() > 0));
  }

  /** What the caller is told, counted as a rejection. */
  ProblemException problem(Exchange exchange) {
    ProblemException problem;
    try (CurrentTrace.Scope scope = traces.current(EventIngress.event(exchange))) {
      problem = of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }
    count(exchange, problem.code());
    return problem;
  }

  void count(Exchange exchange, String code) {
    Identity identity = Credentials.identity(exchange);
    String addressed = exchange.getVariable(ADDRESSED, String.class);
    rejections.rejected(
        identity != null ? identity.tenant().id() : addressed != null ? addressed : "unknown",
        code);
  }

  private static ProblemException of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
      if (cause instanceof KafkaException) {
        return away(
            cause,
            "broker-unavailable",
            "the event broker did not acknowledge in time: send the same event again");
      }
      if (cause instanceof SQLException) {
        return away(cause, "shard-unavailable", "the tenant's shard does not answer: ask again");
      }
    }
    LOG.error("Request failed", error);
    return new ProblemException(
        500,
        "internal",
        "the hub failed on this request; its log tells more. Sending it again is safe");
  }

  private static ProblemException away(Throwable cause, String code, String detail) {
    LOG.warn("Answered 503 {}: {}", code, cause.getMessage());
    return new ProblemException(503, code, detail, RETRY_AFTER_SECONDS);
  }
}
