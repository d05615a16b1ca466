package dev.cmmshub.cli.canary;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;

/** The hub answered, and did not take it. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  Refusal(String what) {
    super(what);
  }

  /** What went wrong at an address, in a line. */
  static String of(URI hub, IOException error) {
    if (error instanceof Refusal) {
      return error.getMessage();
    }
    if (error instanceof ConnectException) {
      return "nobody answers at " + hub;
    }
    return error instanceof HttpTimeoutException
        ? hub + " gives no answer"
        : hub + " does not answer as a hub does: " + error.getMessage();
  }
}
