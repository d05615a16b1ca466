package dev.cmmshub.recovery;

import dev.cmmshub.broker.Topics;
import dev.cmmshub.broker.WaitingRecords;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantChange;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsDiff;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells what another version of {@code tenants.yaml} would do, and to how many events. */
public final class ConfigurationPlan {
  private final Shards shards;
  private final Backlog backlog;
  private final WaitingRecords waiting;
  private final Topics topics;

  /**
   * What is on its way of a tenant that the change concerns.
   *
   * @param inbound accepted, not applied yet
   * @param canonical applied, not told to everybody yet
   * @param parked waiting for a retry, or behind one that does
   */
  public record Concerned(String tenant, long inbound, long canonical, long parked) {}

  /**
   * @param concerned each tenant something of which starts, stops or changes, and is in use now
   */
  public record Plan(List<TenantChange> changes, List<Concerned> concerned) {}

  public ConfigurationPlan(Shards shards, Backlog backlog, WaitingRecords waiting, Topics topics) {
    this.shards = shards;
    this.backlog = backlog;
    this.waiting = waiting;
    this.topics = topics;
  }

  /**
   * Compares; changes nothing.
   *
   * @throws SQLException when a shard is away, whose parked events cannot be counted then
   */
  public Plan of(Tenants now, Tenants next) throws SQLException {
    List<TenantChange> changes = TenantsDiff.between(now, next);
    Set<String> ids = new HashSet<>();
    changes.forEach(change -> ids.add(change.tenant()));
    List<Tenant> concerned = now.all().stream().filter(t -> ids.contains(t.id())).toList();
    return new Plan(changes, concerned.isEmpty() ? List.of() : count(concerned));
  }

  private List<Concerned> count(List<Tenant> tenants) throws SQLException {
    Map<String, Long> parked = new HashMap<>();
    for (Shard shard : shards.byShard(tenants).keySet()) {
      for (Backlog.Parked one : backlog.parked(shard)) {
        parked.merge(one.tenant(), one.events(), Long::sum);
      }
    }
    Map<String, Long> inbound = waiting.byTenant(topics.inbound(), topics.prefix() + "-transform");
    Map<String, Long> canonical = waiting.byTenant(topics.canonical(), topics.prefix() + "-notify");
    List<Concerned> counted = new ArrayList<>();
    for (Tenant tenant : tenants) {
      counted.add(
          new Concerned(
              tenant.id(),
              inbound.getOrDefault(tenant.id(), 0L),
              canonical.getOrDefault(tenant.id(), 0L),
              parked.getOrDefault(tenant.id(), 0L)));
    }
    return counted;
  }
}
