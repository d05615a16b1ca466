package dev.cmmshub.batch;

import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.bulk.BulkJob;
import java.util.Locale;

/** The lane takes no rows of a job now, or never again. */
public final class LaneException extends ProblemException {
  private static final long serialVersionUID = 1L;
  private static final int SOON = 5;
  private static final int LATER = 30;
  private static final String GO_ON =
      ": send the same again with the same Idempotency-Key, what is here is skipped";

  private LaneException(int status, String code, String detail, int retryAfterSeconds) {
    super(status, code, detail, retryAfterSeconds);
  }

  static LaneException full(int waiting) {
    return new LaneException(
        503, "lane-full", waiting + " chunks of the job wait to be written" + GO_ON, SOON);
  }

  static LaneException paused() {
    return new LaneException(503, "job-paused", "the job is paused" + GO_ON, LATER);
  }

  static LaneException away(String what) {
    return new LaneException(503, "broker-unavailable", what + GO_ON, SOON);
  }

  public static LaneException ended(BulkJob.State state) {
    return new LaneException(
        409,
        "job-ended",
        "the job is "
            + state.name().toLowerCase(Locale.ROOT)
            + ": send the file under another Idempotency-Key",
        0);
  }
}
