package dev.cmmshub.gateway;

import dev.cmmshub.gateway.throttle.Admission;
import dev.cmmshub.gateway.throttle.Limiter;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Tenants.Identity;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The step after the credentials: refuses what is more than a tenant or its key may use. Requests
 * without a valid key do not get here, so nobody can use up another's limits.
 */
public final class Throttle {
  private static final String ADMISSION = "admission";

  private final Limiter limiter;

  public Throttle(Limiter limiter) {
    this.limiter = limiter;
  }

  /**
   * Lets a request through and counts it until its exchange has ended.
   *
   * @throws ProblemException 429, saying which limit and when to come again
   */
  public void admit(Exchange exchange) {
    Identity identity = Credentials.identity(exchange);
    long size = exchange.getMessage().getBody() instanceof byte[] body ? body.length : 0;
    Admission admission = limiter.enter(identity, size);
    exchange.setVariable(ADMISSION, admission);
    if (admission instanceof Admission.Granted granted) {
      exchange.getExchangeExtension().addOnCompletion(new Leaving(granted));
    } else if (admission instanceof Admission.Refused refused) {
      throw new ProblemException(
          429,
          "rate-limited",
          "more than "
              + refused.limit().inWords(refused.limits())
              + ": send the same again after "
              + refused.retryAfterSeconds()
              + " s, or ask the hub's administrator for more",
          refused.retryAfterSeconds());
    }
  }

  /** Whatever became of the request. */
  private static final class Leaving extends SynchronizationAdapter {
    private final Admission.Granted granted;

    private Leaving(Admission.Granted granted) {
      this.granted = granted;
    }

    @Override
    public void onDone(Exchange ended) {
      granted.leave();
    }
  }

  /** Whether this step is why there is no other answer. */
  static boolean isRefused(Exchange exchange) {
    return exchange.getVariable(ADMISSION) instanceof Admission.Refused;
  }

  /** Adds to the answer of a route what the caller has left. */
  public void answered(Exchange exchange) {
    tell(exchange, exchange.getMessage());
  }

  /** Adds to an answer what the caller has left, if it got as far as here. */
  static void tell(Exchange exchange, Message answer) {
    Admission admission = exchange.getVariable(ADMISSION, Admission.class);
    if (admission != null) {
      answer.setHeader("RateLimit-Policy", admission.policy());
      answer.setHeader("RateLimit", admission.state());
    }
    if (admission instanceof Admission.Refused refused) {
      answer.setHeader("Retry-After", Integer.toString(refused.retryAfterSeconds()));
    }
  }
}
