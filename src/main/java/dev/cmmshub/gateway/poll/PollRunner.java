package dev.cmmshub.gateway.poll;

import dev.cmmshub.message.LogFields;
import dev.cmmshub.store.Watermarks.Lease;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Reads one page of one resource through the route {@code poll-page}, and says what comes next: the
 * page behind it, the next round, or a pause that grows while the system is away.
 */
public final class PollRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PollRunner.class);
  private static final String ROUTE = "direct:poll-page";

  private final PollProgress progress;
  private final ProducerTemplate template;
  private final PollObserver observer;
  private final Clock clock;
  private volatile boolean ended;

  public PollRunner(
      PollProgress progress, ProducerTemplate template, PollObserver observer, Clock clock) {
    this.progress = progress;
    this.template = template;
    this.observer = observer;
    this.clock = clock;
  }

  PollObserver observer() {
    return observer;
  }

  /** Never fails: what goes wrong is the poll's own affair. */
  void run(PollTask task, PollDefinition begun) {
    try {
      Optional<Lease> lease = progress.claim(begun);
      if (lease.isEmpty()) {
        standBy(task, begun);
        return;
      }
      PollTurn turn = task.turn(begun, lease.get());
      Exchange answer = template.send(ROUTE, turn::putInto);
      if (answer.getException() == null) {
        passed(task, begun, TakenPage.in(answer));
      } else if (answer.getException(LeaseLostException.class) != null) {
        standBy(task, begun);
      } else {
        failed(task, begun, answer.getException());
      }
    } catch (SQLException | RuntimeException e) {
      failed(task, begun, e);
    }
  }

  private void standBy(PollTask task, PollDefinition begun) {
    task.standBy(clock.instant());
    observer.failed(begun.resource(), 0);
  }

  private void passed(PollTask task, PollDefinition begun, TakenPage page) {
    observer.read(begun.resource(), page.fresh().size(), page.known(), page.unrecognised().size());
    if (!page.unrecognised().isEmpty()) {
      about(LOG.atWarn(), begun)
          .log(
              "Poll {}: {} records are no events of connector {}; they are dead letters now",
              begun.name(),
              page.unrecognised().size(),
              begun.system().connector());
    }
    int failures = task.passed(begun, page, clock.instant());
    if (failures > 0) {
      observer.failed(begun.resource(), 0);
      about(LOG.atInfo(), begun)
          .log("Poll {} works again after {} failures", begun.name(), failures);
    }
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, PollDefinition begun) {
    return LogFields.system(line, begun.tenant().id(), begun.system().name());
  }

  /** From now on a page that breaks off is no failure: it will be read again. */
  void end() {
    ended = true;
  }

  private void failed(PollTask task, PollDefinition begun, Exception error) {
    if (ended) {
      return;
    }
    PollFailure failure = PollFailure.of(error);
    int failures = task.failed();
    if (failures == 1) {
      about(LOG.atWarn(), begun)
          .log(
              "Poll {} fails and is tried again in growing pauses: {}",
              begun.name(),
              failure.reason());
    } else {
      about(LOG.atDebug(), begun)
          .log("Poll {} failed {} times: {}", begun.name(), failures, failure.reason());
    }
    observer.failed(begun.resource(), failures);
    task.rest(begun, clock.instant().plus(failure.pause(failures)));
  }
}
