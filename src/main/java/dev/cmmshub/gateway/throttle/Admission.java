package dev.cmmshub.gateway.throttle;

import dev.cmmshub.tenant.Limits;
import java.util.List;

/** What becomes of a request. */
public sealed interface Admission {
  /** {@code RateLimit-Policy}: the quotas this is about. */
  String policy();

  /** {@code RateLimit}: what is left of one of them. */
  String state();

  /**
   * It may go on; to be left when it has ended, whatever its end.
   *
   * @param requestsLeft of its tenant
   */
  record Granted(List<Allowance> by, String policy, long requestsLeft) implements Admission {
    @Override
    public String state() {
      return "\"requests\";r=" + Math.max(0, requestsLeft) + ";t=1";
    }

    /** To be called once. */
    public void leave() {
      by.forEach(Allowance::leave);
    }
  }

  /**
   * It may not, and nothing was taken.
   *
   * @param limits that were refused by
   * @param retryAfterSeconds at least 1
   */
  record Refused(Limit limit, Limits limits, String policy, int retryAfterSeconds)
      implements Admission {
    @Override
    public String state() {
      return "\"" + limit.label() + "\";r=0;t=" + retryAfterSeconds;
    }
  }
}
