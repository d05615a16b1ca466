package dev.cmmshub.recovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.Operator;
import dev.cmmshub.recovery.letter.Refusal;
import dev.cmmshub.store.AuditLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantChange;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.TenantsDiff;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Puts another version of {@code tenants.yaml} in use, or the former one again. */
public final class ConfigurationChanges {
  private final Supplier<Tenants> tenants;
  private final TenantsDesk desk;
  private final Shards shards;

  public ConfigurationChanges(Supplier<Tenants> tenants, TenantsDesk desk, Shards shards) {
    this.tenants = tenants;
    this.desk = desk;
    this.shards = shards;
  }

  /**
   * Reads a version that is not in use.
   *
   * @throws Refusal telling everything that is wrong with it
   */
  public Tenants candidate(Path name, byte[] content) {
    try {
      Tenants candidate = desk.candidate(name, content);
      candidate.all().forEach(shards::of);
      return candidate;
    } catch (IllegalArgumentException e) {
      throw new Refusal(Refusal.Kind.UNACCEPTABLE, "mistakes", e.getMessage());
    }
  }

  /**
   * Writes a version in the place of {@code tenants.yaml} and notes that in the audit of each
   * tenant it concerns. Every node that sees the file takes it up by itself.
   *
   * @param expected the version the operator looked at; empty when any will do
   * @throws Refusal when something is wrong with it, or another version is in use meanwhile
   * @throws SQLException when a shard is away, so that nothing could be noted; nothing has changed
   */
  public synchronized Tenants apply(
      Path name, byte[] content, Optional<String> expected, Operator operator) throws SQLException {
    Tenants now = tenants.get();
    if (expected.isPresent() && !expected.get().equals(now.version())) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "changed-meanwhile",
          "version " + now.version() + " of tenants.yaml is in use by now: plan again");
    }
    return write(now, candidate(name, content), content, "configuration-applied", operator);
  }

  /**
   * The same with the version that was in use before this one.
   *
   * @throws Refusal when none is kept, or it does not fit any more, as when a connector is gone
   */
  public synchronized Tenants rollBack(Operator operator) throws SQLException {
    Tenants now = tenants.get();
    byte[] before =
        desk.before(now.version())
            .orElseThrow(
                () ->
                    new Refusal(
                        Refusal.Kind.CONFLICT,
                        "no-version",
                        "no version before " + now.version() + " is kept on this node"));
    Tenants former = candidate(Path.of("the former version"), before);
    return write(now, former, before, "configuration-rolled-back", operator);
  }

  private Tenants write(Tenants now, Tenants next, byte[] content, String action, Operator operator)
      throws SQLException {
    Map<String, Integer> changes = new TreeMap<>();
    for (TenantChange change : TenantsDiff.between(now, next)) {
      changes.merge(change.tenant(), 1, Integer::sum);
    }
    List<Tenant> concerned =
        changes.keySet().stream()
            .map(id -> next.byId(id).or(() -> now.byId(id)).orElseThrow())
            .toList();
    for (Map.Entry<Shard, List<Tenant>> part : shards.byShard(concerned).entrySet()) {
      note(part.getKey(), part.getValue(), changes, now, next, action, operator);
    }
    try {
      desk.write(content);
    } catch (UncheckedIOException e) {
      throw new Refusal(Refusal.Kind.CONFLICT, "not-written", e.getMessage());
    }
    return next;
  }

  private static void note(
      Shard shard,
      List<Tenant> owners,
      Map<String, Integer> changes,
      Tenants now,
      Tenants next,
      String action,
      Operator operator)
      throws SQLException {
    shard.<Void>transaction(
        owners.stream().map(Tenant::id).toList(),
        connection -> {
          for (Tenant owner : owners) {
            ObjectNode detail =
                Json.mapper()
                    .createObjectNode()
                    .put("version", next.version())
                    .put("before", now.version())
                    .put("changes", changes.get(owner.id()));
            AuditLog.append(
                connection,
                owner.id(),
                operator.name(),
                action,
                "tenants.yaml@" + next.version(),
                detail.toString());
          }
          return null;
        });
  }
}
