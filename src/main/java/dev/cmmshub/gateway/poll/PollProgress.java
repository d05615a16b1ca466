package dev.cmmshub.gateway.poll;

import dev.cmmshub.store.Shards;
import dev.cmmshub.store.Watermarks;
import dev.cmmshub.store.Watermarks.Lease;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each resource was read. It moves only when everything before is safe: the broker
 * acknowledged all events of the page, and what was no event is kept.
 */
public final class PollProgress {
  private static final Logger LOG = LoggerFactory.getLogger(PollProgress.class);

  /** Another process takes over when nothing renewed the lease for so long. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final Shards shards;
  private final Watermarks watermarks;
  private final Unrecognised unrecognised;

  public PollProgress(Shards shards, Watermarks watermarks, Unrecognised unrecognised) {
    this.shards = shards;
    this.watermarks = watermarks;
    this.unrecognised = unrecognised;
  }

  Optional<Lease> claim(PollDefinition poll) throws SQLException {
    return watermarks.claim(shards.of(poll.tenant()), poll.resource(), LEASE);
  }

  /**
   * The last step of a page: the broker has acknowledged its events.
   *
   * @throws LeaseLostException when another process polls meanwhile; it reads the page again
   */
  public void settle(Exchange exchange)
      throws SQLException, InterruptedException, ExecutionException, TimeoutException {
    PollTurn turn = PollTurn.in(exchange);
    TakenPage taken = TakenPage.in(exchange);
    unrecognised.keep(turn.of().tenant(), taken.unrecognised());
    boolean mine =
        watermarks.advance(
            shards.of(turn.of().tenant()),
            turn.of().resource(),
            taken.page().changedUntil(),
            LEASE);
    if (!mine) {
      throw new LeaseLostException();
    }
  }

  /** Keeps the leases this process has. */
  void renew(Collection<Tenant> tenants) {
    shards
        .byShard(tenants)
        .forEach(
            (shard, owners) -> {
              try {
                watermarks.renew(shard, ids(owners), LEASE);
              } catch (SQLException e) {
                // Whoever needs the lease claims it again before it reads.
                LOG.debug("Shard {}: no lease renewed ({})", shard.name(), e.getMessage());
              }
            });
  }

  /** Lets other processes poll at once. */
  void release(Collection<Tenant> tenants) {
    shards
        .byShard(tenants)
        .forEach(
            (shard, owners) -> {
              try {
                watermarks.release(shard, ids(owners));
              } catch (SQLException e) {
                LOG.debug("Shard {}: leases end by themselves ({})", shard.name(), e.getMessage());
              }
            });
  }

  private static List<String> ids(List<Tenant> tenants) {
    return tenants.stream().map(Tenant::id).toList();
  }
}
