package dev.cmmshub.recovery;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.Shard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

  /** A claim ends after 30 s; a slow system may take longer. */
  private static final long RENEW_AFTER_NANOS = Duration.ofSeconds(10).toNanos();

  /** Runs one stage of events that were claimed. */
  interface Runner {
    CompletableFuture<Void> run(Shard shard, String stage, List<FailedEvent> due);
  }

  private final Shard shard;
  private final GoneSubscriptions gone;
  private final Runner runner;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final Map<String, Long> running = new ConcurrentHashMap<>();
  private final ExecutorService thread;

  /** Of the one thread: whether it stands in the log. */
  private boolean isAway;

  ShardRetries(Shard shard, GoneSubscriptions gone, Runner runner) {
    this.shard = shard;
    this.gone = gone;
    this.runner = runner;
    this.thread = Executors.newSingleThreadExecutor(Daemons.named("retry-" + shard.name()));
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
      due =
          shard.transaction(
              tenants,
              connection -> {
                renew(connection);
                return FailureRows.claim(
                    connection, MOST_AT_ONCE, gone.refresh(connection, tenants));
              });
    } catch (SQLException e) {
      if (!isAway) {
        LOG.warn("Shard {}: nothing is retried until it answers: {}", shard.name(), e.getMessage());
      }
      isAway = true;
      return;
    }
    if (isAway) {
      LOG.info("Shard {}: what is due is retried again", shard.name());
    }
    isAway = false;
    Map<String, List<FailedEvent>> byStage =
        due.stream().collect(Collectors.groupingBy(failed -> failed.failure().stage()));
    CompletableFuture<?>[] stages =
        byStage.entrySet().stream()
            .map(entry -> run(entry.getKey(), entry.getValue()))
            .toArray(CompletableFuture[]::new);
    if (due.size() == MOST_AT_ONCE) {
      CompletableFuture.allOf(stages).whenComplete((result, error) -> begin(tenants));
    }
  }

  /** What still runs after a while is kept from being run twice. */
  private void renew(Connection connection) throws SQLException {
    long now = System.nanoTime();
    List<String> slow =
        running.entrySet().stream()
            .filter(entry -> now - entry.getValue() > RENEW_AFTER_NANOS)
            .map(Map.Entry::getKey)
            .toList();
    if (!slow.isEmpty()) {
      FailureRows.renew(connection, slow);
      slow.forEach(id -> running.replace(id, now));
    }
  }

  private CompletableFuture<Void> run(String stage, List<FailedEvent> due) {
    CompletableFuture<Void> done;
    due.forEach(claimed -> running.put(claimed.event().id(), System.nanoTime()));
    try {
      done = runner.run(shard, stage, due);
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.whenComplete(
        (result, error) -> {
          due.forEach(claimed -> running.remove(claimed.event().id()));
          if (error != null) {
            // Their claim ends in half a minute and they are tried again.
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
