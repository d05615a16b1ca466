package dev.cmmshub.batch.schedule;

import dev.cmmshub.store.BatchRun;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.Tenant;
import java.time.Instant;
import java.util.Optional;

/** A definition that the hub runs, and what this process knows of its times. For one thread. */
final class Entry {
  private final Tenant tenant;
  private final BatchDefinition definition;
  private Optional<Instant> from;
  private Instant next = Instant.MIN;

  /**
   * @param from earlier times are none of its; empty when the shard has to tell
   */
  Entry(Tenant tenant, BatchDefinition definition, Optional<Instant> from) {
    this.tenant = tenant;
    this.definition = definition;
    this.from = from;
  }

  /** The same of another version of the file. */
  Entry of(Tenant now) {
    Entry same = new Entry(now, definition, from);
    same.next = next;
    return same;
  }

  Tenant tenant() {
    return tenant;
  }

  BatchDefinition definition() {
    return definition;
  }

  boolean isDue(Instant now) {
    return !next.isAfter(now);
  }

  boolean knowsItsBegin() {
    return from.isPresent();
  }

  void beginsAt(Instant begin) {
    from = Optional.of(begin);
  }

  /** The last time that has come. */
  Optional<BatchRun> last(Instant now) {
    return definition
        .schedule()
        .last(now)
        .map(
            time ->
                BatchRun.of(
                    tenant.id(),
                    definition.id(),
                    time,
                    definition.schedule().day(time),
                    definition.system(),
                    definition.entities()));
  }

  /** Why a time is none of its, or null. */
  String skipped(BatchRun run) {
    return run.time().isBefore(from.orElseThrow())
        ? "it was before the load was defined or enabled"
        : null;
  }

  /** What has come until now is noted. */
  Instant noted(Instant now) {
    next = definition.schedule().next(now).orElse(Instant.MAX);
    return next;
  }
}
