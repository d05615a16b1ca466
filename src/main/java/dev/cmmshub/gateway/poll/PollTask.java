package dev.cmmshub.gateway.poll;

import dev.cmmshub.store.Watermarks.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/**
 * What one process knows of one polled resource between two pages. All of it can be lost: after a
 * restart some records are sent again, under the ids they had.
 */
final class PollTask {
  /**
   * So far behind the newest change each round begins: who saves later may carry an earlier time.
   */
  private static final Duration OVERLAP = Duration.ofSeconds(5);

  private static final Duration LONGEST_STANDBY = Duration.ofSeconds(10);

  private PollDefinition definition;
  private Instant due;
  private Instant roundBegan;
  private boolean running;
  private boolean wanted = true;
  private int failures;
  private Map<String, String> next = Map.of();
  private Set<String> sent = Set.of();

  PollTask(PollDefinition definition, Instant due) {
    this.definition = definition;
    this.due = due;
    this.roundBegan = due;
  }

  /** A new definition counts from the next page on, and at once. */
  synchronized void define(PollDefinition now, Instant at) {
    if (!definition.asksTheSame(now)) {
      due = at;
      next = Map.of();
    }
    definition = now;
    wanted = true;
  }

  synchronized void drop() {
    wanted = false;
  }

  /** Nobody wants it and nothing runs. */
  synchronized boolean isOver() {
    return !wanted && !running;
  }

  synchronized PollDefinition definition() {
    return definition;
  }

  synchronized Instant due() {
    return due;
  }

  synchronized boolean isRunning() {
    return running;
  }

  synchronized boolean isDue(Instant now) {
    return wanted && !running && !due.isAfter(now);
  }

  /** From here on the page is this caller's. */
  synchronized PollDefinition begin(Instant now) {
    running = true;
    if (next.isEmpty()) {
      roundBegan = now;
    }
    return definition;
  }

  /** What to ask: the page behind the last one, or all from shortly before the watermark on. */
  synchronized PollTurn turn(PollDefinition begun, Lease lease) {
    Map<String, String> ask = next;
    if (ask.isEmpty()) {
      Instant since =
          lease
              .changedUntil()
              .map(time -> time.minus(OVERLAP))
              .or(() -> begun.poll().since())
              .orElse(Instant.EPOCH);
      ask = Map.of("since", since.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return new PollTurn(begun, ask, sent);
  }

  /**
   * The page is safe.
   *
   * @return how many failures came before it
   */
  synchronized int passed(PollDefinition begun, TakenPage page, Instant now) {
    int before = failures;
    failures = 0;
    if (!page.ids().isEmpty()) {
      sent = page.ids();
    }
    if (definition.asksTheSame(begun)) {
      next = page.page().next();
      due = next.isEmpty() ? roundBegan.plus(definition.poll().every()) : now;
    }
    running = false;
    return before;
  }

  /** Another process has the lease, which may end; its failures are not this one's. */
  synchronized void standBy(Instant now) {
    failures = 0;
    Duration every = definition.poll().every();
    due = now.plus(every.compareTo(LONGEST_STANDBY) < 0 ? every : LONGEST_STANDBY);
    next = Map.of();
    running = false;
  }

  /**
   * The next try begins anew, behind the watermark.
   *
   * @return how many failures it is in a row
   */
  synchronized int failed() {
    failures++;
    next = Map.of();
    return failures;
  }

  synchronized void rest(PollDefinition begun, Instant until) {
    if (definition.asksTheSame(begun)) {
      due = until;
    }
    running = false;
  }
}
