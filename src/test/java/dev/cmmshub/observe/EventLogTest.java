package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.recovery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One line a failure, however often the event is tried. */
class EventLogTest {
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final LoggerConfig root = context.getConfiguration().getRootLogger();
  private final List<LogEvent> lines = new CopyOnWriteArrayList<>();
  private final AbstractAppender ear =
      new AbstractAppender("event-log-test", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          if (event.getLoggerName().equals(EventLog.class.getName())) {
            lines.add(event.toImmutable());
          }
        }
      };
  private final EventLog log = new EventLog();
  private final Event event =
      new Event(
          UUID.randomUUID().toString(),
          "dev.cmmshub.workorder.released.v1",
          "workorder/1",
          new EventKey(
              "tenant-" + UUID.randomUUID().toString().substring(0, 8), "sap", "workorder", "1"),
          1,
          Instant.EPOCH,
          "application/json",
          null,
          "c-1",
          null,
          new byte[0]);

  @BeforeEach
  void listen() {
    ear.start();
    // To the logger itself it would make a logger of its own that outlives the test, and is heard
    // by nobody else.
    root.addAppender(ear, null, null);
    context.updateLoggers();
  }

  @AfterEach
  void stop() {
    root.removeAppender(ear.getName());
    context.updateLoggers();
  }

  private FailedEvent failed(String errorClass, int attempt) {
    return new FailedEvent(
        event, new Failure("deliver", errorClass, "why", 503, null, "cmms"), attempt);
  }

  @Test
  void anEventThatIsTriedAgainAndAgainIsToldWhenItIsParkedFirstAndWhenItDies() {
    for (int attempt = 1; attempt <= 5; attempt++) {
      log.judged(failed("status", attempt), new Verdict.Later(Duration.ofSeconds(1), true));
    }
    log.judged(failed("status", 6), new Verdict.Never("older than PT1H"));
    assertThat(lines).extracting(LogEvent::getLevel).containsExactly(Level.INFO, Level.WARN);
    Map<String, String> fields = lines.get(1).getContextData().toMap();
    assertThat(fields)
        .containsEntry("labels.tenant", event.key().tenant())
        .containsEntry("labels.system", "sap")
        .containsEntry("event.id", event.id())
        .containsEntry("event.action", "dead-lettered")
        .containsEntry("labels.subscription", "cmms")
        .containsEntry("http.response.status_code", "503")
        .doesNotContainKeys("labels.rule", "labels.causation_id");
  }

  /** What nobody was asked about stays at its first attempt. */
  @Test
  void anEventThatWaitsBehindAnOpenBreakerIsToldOnce() {
    for (int times = 0; times < 5; times++) {
      log.judged(failed("breaker", 1), new Verdict.Later(Duration.ofSeconds(5), false));
    }
    assertThat(lines).hasSize(1);
  }

  @Test
  void nothingOfALineStaysWithItsThread() {
    log.judged(failed("status", 1), new Verdict.Later(Duration.ofSeconds(1), true));
    assertThat(org.apache.logging.log4j.ThreadContext.getImmutableContext()).isEmpty();
  }
}
