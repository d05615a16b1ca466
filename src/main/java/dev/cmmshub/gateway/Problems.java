package dev.cmmshub.gateway;

import dev.cmmshub.message.LogFields;
import dev.cmmshub.message.LogShare;
import dev.cmmshub.message.Names;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Tenants.Identity;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Traces;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Answers a failed request with a problem document, and decides what the caller is told of it. */
public final class Problems {
  /** The variable with the tenant whose address was called, before anybody is known to speak. */
  static final String ADDRESSED = "addressed";

  /** The variable that tells how to sign in, where it is not by a key. */
  static final String CHALLENGE = "challenge";

  private static final int RETRY_AFTER_SECONDS = 5;

  private final Rejections rejections;
  private final Traces traces;
  private final LogShare log =
      new LogShare(LoggerFactory.getLogger(Problems.class), System::nanoTime);

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
    Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    ProblemException problem = of(error);
    String tenant = tenant(exchange);
    rejections.rejected(tenant, problem.code());
    try (CurrentTrace.Scope scope = traces.current(EventIngress.event(exchange))) {
      tell(exchange, tenant, problem, error);
    }
    return problem;
  }

  private void tell(Exchange exchange, String tenant, ProblemException problem, Throwable error) {
    LoggingEventBuilder line = line(exchange, tenant, level(problem.status()), problem.code());
    if (problem.status() < 500) {
      line.log("Answered {} {} to tenant {}", problem.status(), problem.code(), tenant);
    } else if (problem.status() == 503) {
      line.log("Answered 503 {} to tenant {}: {}", problem.code(), tenant, reason(error));
    } else {
      line.setCause(error).log("The hub failed on a request of tenant {}", tenant);
    }
  }

  /** What Camel puts around it may tell of the exchange. */
  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  /** A request that was not taken and is answered by somebody else. */
  void count(Exchange exchange, String code) {
    String tenant = tenant(exchange);
    rejections.rejected(tenant, code);
    line(exchange, tenant, Level.INFO, code).log("Answered {} to tenant {}", code, tenant);
  }

  private static String tenant(Exchange exchange) {
    Identity identity = Credentials.identity(exchange);
    String addressed = exchange.getVariable(ADDRESSED, String.class);
    return identity != null ? identity.tenant().id() : addressed != null ? addressed : "unknown";
  }

  /** The detail is the sender's to read: it may quote what was sent. */
  private LoggingEventBuilder line(Exchange exchange, String tenant, Level level, String code) {
    String system = exchange.getVariable("system", String.class);
    return LogFields.action(
            LogFields.system(log.at(level, tenant), tenant, Names.isValid(system) ? system : null),
            "rejected",
            false)
        .addKeyValue("error.code", code);
  }

  /** What is over a limit is counted by tenant and limit, and need not be told one by one. */
  private static Level level(int status) {
    return switch (status) {
      case 429 -> Level.DEBUG;
      case 503 -> Level.WARN;
      default -> status < 500 ? Level.INFO : Level.ERROR;
    };
  }

  private static ProblemException of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
      if (cause instanceof KafkaException) {
        return away(
            "broker-unavailable",
            "the event broker did not acknowledge in time: send the same event again");
      }
      if (cause instanceof SQLException) {
        return away("shard-unavailable", "the tenant's shard does not answer: ask again");
      }
    }
    return new ProblemException(
        500,
        "internal",
        "the hub failed on this request; its log tells more. Sending it again is safe");
  }

  private static ProblemException away(String code, String detail) {
    return new ProblemException(503, code, detail, RETRY_AFTER_SECONDS);
  }
}
