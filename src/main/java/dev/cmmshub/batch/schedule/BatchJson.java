package dev.cmmshub.batch.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.batch.schedule.BatchDesk.Report;
import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.BatchRun;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.tenant.Budget;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Loads and their runs as JSON, as {@code openapi.yaml} describes them. */
public final class BatchJson {
  private BatchJson() {}

  /**
   * What is defined.
   *
   * @param budgets of {@code tenants.yaml}: who loads from one receiver shares its pool
   */
  public static ObjectNode of(
      Tenant tenant, BatchDefinition definition, Map<String, Budget> budgets) {
    TenantSystem system = tenant.system(definition.system()).orElseThrow();
    Optional<String> place =
        system.address().flatMap(address -> Budgets.place(address, budgets.keySet()));
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("id", definition.id())
        .put("tenant", tenant.id())
        .put("system", definition.system())
        .put("connector", system.connector());
    definition.entities().forEach(json.putArray("entities")::add);
    json.put("schedule", definition.schedule().text())
        .put("timezone", definition.schedule().zone().getId());
    definition.windowText().ifPresent(window -> json.put("window", window));
    json.put("since", definition.since().text());
    definition.after().forEach(json.putArray("after")::add);
    return json.put("by", definition.by().text())
        .put("enabled", BatchDesk.isOn(tenant, definition))
        .put("pool", place.orElse(tenant.id() + "." + definition.system()))
        .put("slots", place.map(name -> budgets.get(name).inFlight().orElse(1)).orElse(1));
  }

  /** The same, and how it stands. */
  public static ObjectNode of(Report report, Map<String, Budget> budgets) {
    ObjectNode json = of(report.tenant(), report.definition(), budgets);
    report.next().ifPresent(next -> json.put("next", next.toString()));
    report
        .latest()
        .ifPresent(
            latest -> {
              json.set("lastRun", of(latest.newest()));
              latest.done().ifPresent(time -> json.put("lastSuccess", time.toString()));
            });
    return json;
  }

  /** One run. */
  public static ObjectNode of(BatchRun run) {
    ObjectNode json =
        Json.mapper()
            .createObjectNode()
            .put("time", run.time().toString())
            .put("date", run.day().toString())
            .put("state", run.state().text());
    run.reason().ifPresent(reason -> json.put("reason", reason));
    json.put("byHand", run.byHand()).put("attempt", run.attempt());
    run.since().ifPresent(since -> json.put("since", since.toString()));
    run.jobs().stream().map(UUID::toString).forEach(json.putArray("jobs")::add);
    json.put("rejected", run.rejected());
    run.started().ifPresent(time -> json.put("startedAt", time.toString()));
    run.ended().ifPresent(time -> json.put("endedAt", time.toString()));
    run.node().ifPresent(node -> json.put("node", node));
    return json;
  }
}
