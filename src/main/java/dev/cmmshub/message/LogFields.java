package dev.cmmshub.message;

import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says in fields of a log line what the line is about, under names of the Elastic Common Schema.
 * The fields are this line's alone: nothing stays with the thread.
 */
public final class LogFields {
  private static final String TENANT = "labels.tenant";
  private static final String SYSTEM = "labels.system";
  private static final String SUBSCRIPTION = "labels.subscription";

  private LogFields() {}

  /** A line about a tenant. */
  public static LoggingEventBuilder tenant(LoggingEventBuilder line, String tenant) {
    return line.addKeyValue(TENANT, tenant);
  }

  /** A line about a system of a tenant, which may be unknown: null or empty. */
  public static LoggingEventBuilder system(LoggingEventBuilder line, String tenant, String system) {
    return with(tenant(line, tenant), SYSTEM, system);
  }

  /** A line about an observer of a tenant. */
  public static LoggingEventBuilder subscription(
      LoggingEventBuilder line, String tenant, String subscription) {
    return with(tenant(line, tenant), SUBSCRIPTION, subscription);
  }

  /** A line about an event: whose it is, where it comes from, what it is and what it led to. */
  public static LoggingEventBuilder event(LoggingEventBuilder line, Event event) {
    EventKey key = event.key();
    LoggingEventBuilder said =
        system(line, key.tenant(), key.system())
            .addKeyValue("event.id", event.id())
            .addKeyValue("labels.entity", key.entity())
            .addKeyValue("labels.correlation_id", event.correlationId());
    return with(said, "labels.causation_id", event.causationId());
  }

  /**
   * What became of an event or a request.
   *
   * @param action one of the few words of docs/operations.md
   * @param worked whether that is what its sender wants
   */
  public static LoggingEventBuilder action(
      LoggingEventBuilder line, String action, boolean worked) {
    return line.addKeyValue("event.action", action)
        .addKeyValue("event.outcome", worked ? "success" : "failure");
  }

  /** A failed step of an event: at which step, for which observer, and what went wrong. */
  public static LoggingEventBuilder failure(LoggingEventBuilder line, FailedEvent failed) {
    Failure failure = failed.failure();
    LoggingEventBuilder said =
        event(line, failed.event())
            .addKeyValue("labels.step", failure.stage())
            .addKeyValue("labels.attempt", failed.attempt())
            .addKeyValue("error.code", failure.errorClass())
            .addKeyValue("event.reason", failure.reason());
    if (failure.status() > 0) {
      said = said.addKeyValue("http.response.status_code", failure.status());
    }
    return with(with(said, SUBSCRIPTION, failure.subscription()), "labels.rule", failure.rule());
  }

  private static LoggingEventBuilder with(LoggingEventBuilder line, String name, String value) {
    return value == null || value.isEmpty() ? line : line.addKeyValue(name, value);
  }
}
