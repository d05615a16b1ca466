package dev.cmmshub.batch.schedule;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.AuditLog;
import dev.cmmshub.store.BatchRun;
import dev.cmmshub.store.BatchRunRows;
import dev.cmmshub.store.BatchRunRows.Latest;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.BatchDefinition.By;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tells operators how each load stands, and begins one by hand. */
public final class BatchDesk {
  /**
   * How a load stands.
   *
   * @param next when it begins by itself; empty when it does not
   * @param latest empty before its first time is known
   */
  public record Report(
      Tenant tenant, BatchDefinition definition, Optional<Instant> next, Optional<Latest> latest) {}

  private record Key(String tenant, String definition) {}

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final Clock clock;

  public BatchDesk(Supplier<Tenants> tenants, Shards shards, Clock clock) {
    this.tenants = tenants;
    this.shards = shards;
    this.clock = clock;
  }

  /** The version of the file that counts. */
  public Tenants tenants() {
    return tenants.get();
  }

  /** All loads, by tenant and id. */
  public List<Report> all() throws SQLException {
    return of(tenants.get().all());
  }

  /**
   * Those of one tenant.
   *
   * @throws ProblemException when there is no such tenant
   */
  public List<Report> of(String tenant) throws SQLException {
    return of(List.of(tenant(tenant)));
  }

  private List<Report> of(Collection<Tenant> asked) throws SQLException {
    Instant now = clock.instant();
    List<Tenant> with = asked.stream().filter(tenant -> !tenant.batch().isEmpty()).toList();
    Map<Key, Latest> latest = new HashMap<>();
    for (Map.Entry<Shard, List<Tenant>> part : shards.byShard(with).entrySet()) {
      List<String> ids = part.getValue().stream().map(Tenant::id).toList();
      for (Latest one : part.getKey().transaction(ids, BatchRunRows::latest)) {
        latest.put(new Key(one.newest().tenant(), one.newest().definition()), one);
      }
    }
    List<Report> reports = new ArrayList<>();
    for (Tenant tenant : with) {
      for (BatchDefinition one : tenant.batch()) {
        reports.add(
            new Report(
                tenant,
                one,
                isOn(tenant, one) ? one.schedule().next(now) : Optional.empty(),
                Optional.ofNullable(latest.get(new Key(tenant.id(), one.id())))));
      }
    }
    return reports;
  }

  /** Whether it begins by itself, whoever sees to it. */
  static boolean isOn(Tenant tenant, BatchDefinition definition) {
    return definition.enabled() && BatchSchedule.mayRun(tenant, definition);
  }

  /**
   * Begins a load now, whatever its schedule and window say and without waiting for others; of a
   * day that was done, once more. The audit notes it.
   *
   * @param day whose run it is, by the load's time zone; today when empty
   * @throws ProblemException when there is no such load, it is not this hub's to begin, or that run
   *     goes on already
   */
  public BatchRun begin(String tenant, String id, Optional<LocalDate> day, String operator)
      throws SQLException {
    Tenant owner = tenant(tenant);
    BatchDefinition definition = definition(owner, id);
    BatchRun run = run(owner, definition, day);
    return shards
        .of(owner)
        .transaction(
            Set.of(tenant),
            connection -> {
              BatchRun begun =
                  BatchRunRows.beginByHand(connection, run)
                      .orElseThrow(
                          () ->
                              new ProblemException(
                                  409,
                                  "run-goes-on",
                                  "the run of "
                                      + run.time()
                                      + " goes on already: wait for its end"));
              AuditLog.append(
                  connection,
                  tenant,
                  operator,
                  "began",
                  "batch@" + id,
                  "{\"time\":\"" + run.time() + "\",\"attempt\":" + begun.attempt() + "}");
              return begun;
            });
  }

  private BatchRun run(Tenant owner, BatchDefinition definition, Optional<LocalDate> asked) {
    Instant now = clock.instant();
    LocalDate today = definition.schedule().day(now);
    LocalDate day = asked.orElse(today);
    if (day.isAfter(today)) {
      throw new ProblemException(
          400, "invalid-parameter", "date: " + day + " is still to come; today is " + today);
    }
    if (definition.by() != By.HUB || !BatchSchedule.mayRun(owner, definition)) {
      throw new ProblemException(
          409,
          "not-run-here",
          "load '"
              + definition.id()
              + (definition.by() != By.HUB
                  ? "' is run by " + definition.by().text() + ": begin it there"
                  : "' cannot run: its tenant or its system is disabled"));
    }
    Instant midnight = day.atStartOfDay(definition.schedule().zone()).toInstant();
    Instant end = day.plusDays(1).atStartOfDay(definition.schedule().zone()).toInstant();
    Instant time =
        definition
            .schedule()
            .last(end.isAfter(now) ? now : end.minusMillis(1))
            .filter(last -> !last.isBefore(midnight))
            .orElse(midnight);
    return BatchRun.of(
        owner.id(), definition.id(), time, day, definition.system(), definition.entities());
  }

  private Tenant tenant(String id) {
    return tenants
        .get()
        .byId(id)
        .orElseThrow(
            () ->
                new ProblemException(
                    404, "no-tenant", "tenant: '" + id + "' is not in tenants.yaml"));
  }

  private static BatchDefinition definition(Tenant owner, String id) {
    List<String> ids = owner.batch().stream().map(BatchDefinition::id).toList();
    return owner.batch().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    404,
                    "no-definition",
                    "tenant '"
                        + owner.id()
                        + "' has no load '"
                        + id
                        + "': "
                        + Nearest.didYouMean(id, ids)
                        + (ids.isEmpty()
                            ? "it has none"
                            : "expected one of " + String.join(", ", ids))));
  }
}
