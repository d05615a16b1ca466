package dev.cmmshub.batch.feed;

import java.io.IOException;
import java.time.Duration;

/** The system does not answer now; asking again later may help. */
public final class UnavailableException extends IOException {
  private static final long serialVersionUID = 1L;
  private final Duration pause;

  /**
   * @param reason what to tell an operator; never a body or a secret
   * @param pause to leave the system alone for at least so long
   */
  public UnavailableException(String reason, Duration pause) {
    super(reason);
    this.pause = pause;
  }

  public Duration pause() {
    return pause;
  }
}
