package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the failed stage of parked events again when they are due. Several nodes may do so at once:
 * what one has claimed the others skip for a minute.
 */
public final class RetryService {
  private static final Logger LOG = LoggerFactory.getLogger(RetryService.class);
  private static final int MOST_AT_ONCE = 500;

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final Map<String, Stage> stages;

  /**
   * @param stages by the name a failure has it under
   */
  public RetryService(Supplier<Tenants> tenants, Shards shards, Map<String, Stage> stages) {
    this.tenants = tenants;
    this.shards = shards;
    this.stages = Map.copyOf(stages);
  }

  /**
   * Claims what is due on each shard and starts it; a shard that is away is left for the next time.
   */
  public void runDue() {
    shards
        .byShard(tenants.get().all())
        .forEach(
            (shard, owners) -> {
              List<FailedEvent> due = claim(shard, owners.stream().map(Tenant::id).toList());
              due.forEach(failed -> run(shard, failed));
            });
  }

  private static List<FailedEvent> claim(Shard shard, List<String> owners) {
    try {
      return new ArrayList<>(
          shard.transaction(owners, connection -> FailureRows.claim(connection, MOST_AT_ONCE)));
    } catch (SQLException e) {
      LOG.warn("Shard {}: nothing retried now ({})", shard.name(), e.getMessage());
      return List.of();
    }
  }

  private void run(Shard shard, FailedEvent failed) {
    String name = failed.failure().stage();
    Stage stage = stages.get(name);
    CompletableFuture<Void> done =
        stage == null
            ? CompletableFuture.failedFuture(new IllegalStateException("no stage '" + name + "'"))
            : stage.run(new FailedEvent(failed.event(), failed.failure(), failed.attempt() + 1));
    done.whenComplete(
        (result, error) -> {
          if (error != null) {
            // Its claim ends in a minute and it is tried again.
            LOG.warn(
                "Shard {}: {} not retried: {}", shard.name(), failed.event(), error.toString());
          } else if (name.equals("transform")) {
            free(shard, failed);
          }
        });
  }

  /** A delivery frees itself when it is noted; what began again is not parked any more. */
  private static void free(Shard shard, FailedEvent failed) {
    try {
      shard.transaction(
          List.of(failed.event().key().tenant()),
          connection -> {
            FailureRows.unpark(connection, failed);
            return null;
          });
    } catch (SQLException e) {
      LOG.warn("{} stays parked and begins once more ({})", failed.event(), e.getMessage());
    }
  }
}
