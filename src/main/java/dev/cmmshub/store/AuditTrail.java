package dev.cmmshub.store;

import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads and verifies the audits of the tenants of {@code tenants.yaml}, on all shards. */
public final class AuditTrail {
  private final Supplier<Tenants> tenants;
  private final Shards shards;

  public AuditTrail(Supplier<Tenants> tenants, Shards shards) {
    this.tenants = tenants;
    this.shards = shards;
  }

  /**
   * What operators did, the newest first.
   *
   * @param target what the target begins with
   */
  public List<AuditEntry> newest(Optional<Tenant> tenant, Optional<String> target, int most)
      throws SQLException {
    List<AuditEntry> found = new ArrayList<>();
    for (Map.Entry<Shard, List<Tenant>> entry : byShard(tenant).entrySet()) {
      found.addAll(
          entry
              .getKey()
              .transaction(
                  entry.getValue().stream().map(Tenant::id).toList(),
                  connection -> AuditLog.newest(connection, target.orElse(null), most)));
    }
    found.sort(Comparator.comparing(AuditEntry::at).reversed());
    return found.subList(0, Math.min(most, found.size()));
  }

  /** Reads every row of each chain and recomputes its hash. */
  public List<AuditChain> verify(Optional<Tenant> tenant) throws SQLException {
    List<AuditChain> chains = new ArrayList<>();
    for (Map.Entry<Shard, List<Tenant>> entry : byShard(tenant).entrySet()) {
      for (Tenant owner : entry.getValue()) {
        chains.add(
            entry
                .getKey()
                .transaction(
                    List.of(owner.id()), connection -> AuditLog.check(connection, owner.id())));
      }
    }
    chains.sort(Comparator.comparing(AuditChain::tenant));
    return chains;
  }

  private Map<Shard, List<Tenant>> byShard(Optional<Tenant> tenant) {
    return shards.byShard(tenant.map(List::of).orElseGet(() -> List.copyOf(tenants.get().all())));
  }
}
