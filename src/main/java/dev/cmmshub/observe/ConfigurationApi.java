package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.ConfigurationChanges;
import dev.cmmshub.recovery.ConfigurationPlan;
import dev.cmmshub.tenant.TenantChange;
import dev.cmmshub.tenant.Tenants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /admin/v1/config}: which version of {@code tenants.yaml} each node has in use, what
 * another one would do, and putting it in use.
 */
public final class ConfigurationApi implements AdminRoutes {
  private static final String PATH = "/admin/v1/config";
  private static final String NAME = "name";

  private final Supplier<Tenants> tenants;
  private final Nodes nodes;
  private final ConfigurationPlan plan;
  private final LimitWarnings warnings;
  private final ConfigurationChanges changes;

  public ConfigurationApi(
      Supplier<Tenants> tenants,
      Nodes nodes,
      ConfigurationPlan plan,
      LimitWarnings warnings,
      ConfigurationChanges changes) {
    this.tenants = tenants;
    this.nodes = nodes;
    this.plan = plan;
    this.warnings = warnings;
    this.changes = changes;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::show));
    router.post(PATH + "/plan").handler(AdminAnswer.by(this::plan));
    router.put(PATH).handler(AdminAnswer.by(this::apply));
    router.post(PATH + "/rollback").handler(AdminAnswer.by(this::rollBack));
  }

  private AdminAnswer show(RoutingContext context) {
    new AdminRequest(context, List.of());
    ObjectNode json = version(tenants.get());
    json.put("node", nodes.own());
    nodes
        .versions()
        .ifPresent(
            versions -> {
              ArrayNode all = json.putArray("nodes");
              versions.forEach(
                  (node, version) -> all.addObject().put("node", node).put("version", version));
            });
    return AdminAnswer.json(json);
  }

  private static ObjectNode version(Tenants tenants) {
    return Json.mapper()
        .createObjectNode()
        .put("version", tenants.version())
        .put("tenants", tenants.all().size());
  }

  private AdminAnswer plan(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of(NAME));
    Tenants now = tenants.get();
    Tenants next = changes.candidate(name(request), request.body());
    ConfigurationPlan.Plan what = plan.of(now, next);
    ObjectNode json = version(next).put("inUse", now.version());
    ArrayNode list = json.putArray("changes");
    for (TenantChange change : what.changes()) {
      list.addObject()
          .put("tenant", change.tenant())
          .put("part", change.part())
          .put("name", change.name())
          .put("action", change.action().name().toLowerCase(Locale.ROOT))
          .put("detail", change.detail());
    }
    ArrayNode concerned = json.putArray("concerned");
    for (ConfigurationPlan.Concerned tenant : what.concerned()) {
      concerned
          .addObject()
          .put("tenant", tenant.tenant())
          .put("inbound", tenant.inbound())
          .put("canonical", tenant.canonical())
          .put("parked", tenant.parked());
    }
    ArrayNode refused = json.putArray("warnings");
    for (LimitWarnings.Warning warning : warnings.of(now, next)) {
      refused
          .addObject()
          .put("tenant", warning.tenant())
          .put("limit", warning.limit())
          .put("value", warning.value())
          .put("peak", warning.peak())
          .put("detail", warning.detail());
    }
    return AdminAnswer.json(json);
  }

  private AdminAnswer apply(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of(NAME));
    Optional<String> expected =
        request.header("If-Match").filter(v -> !v.equals("*")).map(v -> v.replace("\"", ""));
    return AdminAnswer.json(
        version(changes.apply(name(request), request.body(), expected, request.operator())));
  }

  private AdminAnswer rollBack(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of());
    return AdminAnswer.json(version(changes.rollBack(request.operator())));
  }

  /** What the operator calls the file; it stands in front of each mistake. */
  private static Path name(AdminRequest request) {
    String name = request.text(NAME).orElse("tenants.yaml");
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw AdminRequest.wrong(NAME, "expected the name of a file");
    }
  }
}
