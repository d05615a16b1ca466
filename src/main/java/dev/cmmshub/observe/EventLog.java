package dev.cmmshub.observe;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.message.LogShare;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.recovery.Verdict;
import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes what became of events that did not go straight through: parked, dead-lettered, and
 * delivered after all. One line a failure; what its retries fail with is told at DEBUG.
 */
public final class EventLog implements Passages {
  /** What waits goes round and is judged again in far less time. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private static final int MOST_REMEMBERED = 10_000;

  private final LogShare log =
      new LogShare(LoggerFactory.getLogger(EventLog.class), System::nanoTime);
  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterAccess(REMEMBERED).build();

  @Override
  public void judged(FailedEvent failed, Verdict verdict) {
    if (verdict instanceof Verdict.Never never) {
      deadLettered(failed, never);
    } else if (verdict instanceof Verdict.Unknown unknown) {
      parked(failed, unknown.after(), unknown.burned());
    } else if (verdict instanceof Verdict.Later later) {
      parked(failed, later.after(), later.burned());
    }
  }

  private void deadLettered(FailedEvent failed, Verdict.Never never) {
    LogFields.action(
            LogFields.failure(log.at(Level.WARN, tenant(failed)), failed), "dead-lettered", false)
        .log(
            "Event {} of {}/{} is a dead letter at step {} ({}): {}",
            failed.event().id(),
            tenant(failed),
            failed.event().key().system(),
            failed.failure().stage(),
            never.why(),
            failed.failure().reason());
  }

  private void parked(FailedEvent failed, Duration after, boolean burned) {
    Level level = isFirst(failed, burned) ? Level.INFO : Level.DEBUG;
    LogFields.action(LogFields.failure(log.at(level, tenant(failed)), failed), "parked", false)
        .log(
            "Event {} of {}/{} is parked at step {} and tried again in {} ms: {}",
            failed.event().id(),
            tenant(failed),
            failed.event().key().system(),
            failed.failure().stage(),
            after.toMillis(),
            failed.failure().reason());
  }

  /** What nobody was asked about keeps its attempt, so that only memory tells the first time. */
  private boolean isFirst(FailedEvent failed, boolean burned) {
    if (failed.attempt() > 1) {
      return false;
    }
    String which = failed.event().id() + '/' + failed.failure().subscription();
    return told.asMap().putIfAbsent(which, Boolean.TRUE) == null || burned;
  }

  private static String tenant(FailedEvent failed) {
    return failed.event().key().tenant();
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    if (delivery.parked()) {
      String tenant = delivery.tenant().id();
      String subscription = delivery.subscription().id();
      LogFields.action(
              LogFields.subscription(
                  LogFields.event(log.at(Level.INFO, tenant), delivery.event()),
                  tenant,
                  subscription),
              "delivered",
              true)
          .addKeyValue("labels.attempt", delivery.attempt())
          .log(
              "Event {} of {}/{} had waited and is delivered to {}",
              delivery.event().id(),
              tenant,
              delivery.event().key().system(),
              subscription);
    }
  }
}
