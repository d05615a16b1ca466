package dev.cmmshub.gateway.throttle;

import dev.cmmshub.tenant.Limits;

/** What a caller can run into, by the name it is told. */
public enum Limit {
  REQUESTS("requests", "requests a second"),
  BYTES("bytes", "bytes a second"),
  IN_FLIGHT("in-flight", "requests at once"),
  BACKLOG("backlog", "events that wait");

  private final String label;
  private final String unit;

  Limit(String label, String unit) {
    this.label = label;
    this.unit = unit;
  }

  /** The name in headers and metrics. */
  public String label() {
    return label;
  }

  /** The number with its unit, for people. */
  public String inWords(Limits limits) {
    return of(limits) + " " + unit;
  }

  private long of(Limits limits) {
    return switch (this) {
      case REQUESTS -> limits.requestsPerSecond();
      case BYTES -> limits.bytesPerSecond();
      case IN_FLIGHT -> limits.inFlight();
      case BACKLOG -> limits.backlog();
    };
  }

  /**
   * The quota as an item of {@code RateLimit-Policy}, a structured field (RFC 9651) of the IETF's
   * draft-ietf-httpapi-ratelimit-headers.
   */
  String policy(Limits limits) {
    String quota = "\"" + label + "\";q=" + of(limits);
    return switch (this) {
      case REQUESTS -> quota + ";w=1";
      case BYTES -> quota + ";w=1;qu=\"content-bytes\"";
      case IN_FLIGHT -> quota + ";qu=\"concurrent-requests\"";
      case BACKLOG -> quota + ";qu=\"waiting-events\"";
    };
  }
}
