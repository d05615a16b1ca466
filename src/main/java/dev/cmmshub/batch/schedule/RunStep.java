package dev.cmmshub.batch.schedule;

import dev.cmmshub.message.LogFields;
import dev.cmmshub.store.BatchRun;
import dev.cmmshub.store.BatchRun.State;
import dev.cmmshub.store.BatchRuns;
import dev.cmmshub.store.BatchTimes;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.QuietHours;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the next thing for a run whose lease this process has. Each step is written down before or
 * can be done twice, so that another process can go on wherever this one stops: jobs are begun
 * under a key that is the run's own.
 */
final class RunStep {
  private static final Logger LOG = LoggerFactory.getLogger(RunStep.class);

  private final Shard shard;
  private final BatchRuns runs;
  private final BackfillJobs jobs;
  private final RunObserver observer;
  private final Clock clock;

  RunStep(Shard shard, BatchRuns runs, BackfillJobs jobs, RunObserver observer, Clock clock) {
    this.shard = shard;
    this.runs = runs;
    this.jobs = jobs;
    this.observer = observer;
    this.clock = clock;
  }

  void advance(Tenant tenant, BatchDefinition definition, BatchRun run) throws SQLException {
    if (run.state() == State.WAITING) {
      begin(tenant, definition, run);
    } else if (run.jobs().isEmpty()) {
      startNext(tenant, run);
    } else {
      watch(tenant, definition, run);
    }
  }

  private void begin(Tenant tenant, BatchDefinition definition, BatchRun run) throws SQLException {
    Optional<String> obstacle = run.byHand() ? Optional.empty() : obstacle(definition, run);
    if (obstacle.isPresent()) {
      await(run, obstacle.get());
      return;
    }
    Optional<Instant> since = definition.since().from(run.time(), BatchTimes.lastDone(shard, run));
    Optional<BatchRun> begun = runs.begin(shard, run, since);
    if (begun.isPresent()) {
      log(run, "begins");
      startNext(tenant, begun.get());
    } else {
      await(run, "waits for the run before it");
    }
  }

  private void await(BatchRun run, String what) throws SQLException {
    if (!run.reason().equals(Optional.of(what))) {
      runs.move(shard, run, State.WAITING, what);
    }
  }

  private Optional<String> obstacle(BatchDefinition definition, BatchRun run) throws SQLException {
    if (!isOpen(definition)) {
      return Optional.of("waits for " + definition.window().orElseThrow().from());
    }
    if (definition.after().isEmpty()) {
      return Optional.empty();
    }
    Set<String> missing = new TreeSet<>(definition.after());
    missing.removeAll(BatchTimes.endedWell(shard, run, definition.after()));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("waits for " + String.join(", ", missing) + " of " + run.day());
  }

  private boolean isOpen(BatchDefinition definition) {
    Optional<QuietHours> window = definition.window();
    return window.isEmpty() || window.get().left(clock.instant()).isPresent();
  }

  private void startNext(Tenant tenant, BatchRun run) throws SQLException {
    String entity = run.entities().get(run.jobs().size());
    String day = run.day().toString();
    UUID job =
        jobs.start(
            tenant,
            new BackfillJobs.Request(
                run.system(),
                entity,
                run.since(),
                run.definition() + " " + day + " " + entity,
                "schedule:" + run.definition()),
            String.join(
                "/",
                "schedule",
                run.definition(),
                run.time().toString(),
                Integer.toString(run.attempt()),
                entity));
    runs.addJob(shard, run, job);
  }

  private void watch(Tenant tenant, BatchDefinition definition, BatchRun run) throws SQLException {
    UUID id = run.jobs().get(run.jobs().size() - 1);
    Optional<BulkJob> found = jobs.find(tenant, id);
    if (found.isEmpty()) {
      end(run, State.FAILED, "job " + id + " is not there any more");
      return;
    }
    BulkJob job = found.get();
    boolean mayRun = run.byHand() || isOpen(definition);
    switch (job.state()) {
      case DONE -> ended(tenant, definition, run, mayRun);
      case FAILED, CANCELLED ->
          end(
              run,
              State.FAILED,
              "job "
                  + id
                  + " of "
                  + run.entities().get(run.jobs().size() - 1)
                  + (job.state() == BulkJob.State.FAILED ? " failed" : " was cancelled")
                  + (job.reason() == null ? "" : ": " + job.reason()));
      case PAUSED -> paused(tenant, run, id, mayRun);
      default -> keepWithin(tenant, definition, run, id, mayRun);
    }
  }

  /** A job that somebody paused within its window is theirs to resume. */
  private void paused(Tenant tenant, BatchRun run, UUID job, boolean mayRun) throws SQLException {
    if (run.state() == State.PAUSED) {
      if (mayRun) {
        jobs.resume(tenant, job);
        runs.move(shard, run, State.RUNNING, null);
      }
    } else if (run.reason().isEmpty()) {
      runs.move(shard, run, State.RUNNING, "somebody paused job " + job);
    }
  }

  private void keepWithin(
      Tenant tenant, BatchDefinition definition, BatchRun run, UUID job, boolean mayRun)
      throws SQLException {
    if (!mayRun) {
      // First the word, then the deed: who reads the word does it again.
      if (run.state() == State.PAUSED || pause(definition, run)) {
        jobs.pause(tenant, job);
      }
    } else if (run.state() == State.PAUSED || run.reason().isPresent()) {
      runs.move(shard, run, State.RUNNING, null);
    }
  }

  private boolean pause(BatchDefinition definition, BatchRun run) throws SQLException {
    String until = "paused until " + definition.window().orElseThrow().from();
    return runs.move(shard, run, State.PAUSED, until);
  }

  private void ended(Tenant tenant, BatchDefinition definition, BatchRun run, boolean mayRun)
      throws SQLException {
    if (run.jobs().size() == run.entities().size()) {
      long rejected = 0;
      for (UUID job : run.jobs()) {
        rejected += jobs.find(tenant, job).map(BulkJob::rejected).orElse(0L);
      }
      runs.reject(shard, run, rejected);
      end(run, State.DONE, null);
    } else if (!mayRun) {
      if (run.state() != State.PAUSED) {
        pause(definition, run);
      }
    } else if (run.state() != State.PAUSED || runs.move(shard, run, State.RUNNING, null)) {
      startNext(tenant, run);
    }
  }

  private void end(BatchRun run, State state, String reason) throws SQLException {
    if (runs.move(shard, run, state, reason)) {
      observer.ended(run, state);
      log(run, state == State.DONE ? "ended well" : "failed: " + reason);
    }
  }

  private static void log(BatchRun run, String what) {
    LogFields.system(LOG.atInfo(), run.tenant(), run.system())
        .log("Load {} of {} {}", run.definition(), run.time(), what);
  }
}
