package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Shard;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims what is due on one shard and runs it, some hundreds at a time. */
final class ShardRetries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRetries.class);
  private static final int MOST_AT_ONCE = 500;

  /** Runs one stage of events that were claimed. */
  interface Runner {
    CompletableFuture<Void> run(Shard shard, String stage, List<FailedEvent> due);
  }

  private final Shard shard;
  private final Runner runner;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ExecutorService thread;

  ShardRetries(Shard shard, Runner runner) {
    this.shard = shard;
    this.runner = runner;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "retry-" + shard.name());
              made.setDaemon(true);
              return made;
            });
  }

  /** Looks once more, unless that is about to happen anyway. */
  void begin(List<String> tenants) {
    if (asked.compareAndSet(false, true)) {
      try {
        thread.execute(
            () -> {
              asked.set(false);
              runDue(tenants);
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("Shard {}: closing, nothing is retried", shard.name());
      }
    }
  }

  private void runDue(List<String> tenants) {
    List<FailedEvent> due;
    try {
      due = shard.transaction(tenants, connection -> FailureRows.claim(connection, MOST_AT_ONCE));
    } catch (SQLException e) {
      LOG.warn("Shard {}: nothing retried now ({})", shard.name(), e.getMessage());
      return;
    }
    Map<String, List<FailedEvent>> byStage =
        due.stream().collect(Collectors.groupingBy(failed -> failed.failure().stage()));
    CompletableFuture<?>[] running =
        byStage.entrySet().stream()
            .map(entry -> run(entry.getKey(), entry.getValue()))
            .toArray(CompletableFuture[]::new);
    if (due.size() == MOST_AT_ONCE) {
      CompletableFuture.allOf(running).whenComplete((result, error) -> begin(tenants));
    }
  }

  private CompletableFuture<Void> run(String stage, List<FailedEvent> due) {
    CompletableFuture<Void> done;
    try {
      done = runner.run(shard, stage, due);
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.whenComplete(
        (result, error) -> {
          if (error != null) {
            // Their claim ends in a minute and they are tried again.
            LOG.warn(
                "Shard {}: {} events not retried at {}: {}",
                shard.name(),
                due.size(),
                stage,
                error.toString());
          }
        });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
