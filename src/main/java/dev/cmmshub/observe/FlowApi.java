package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.observe.flow.FlowReport;
import dev.cmmshub.observe.flow.SilenceWatch;
import dev.cmmshub.tenant.Tenants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /admin/v1/flows}: what succeeded last of each flow, and which have fallen silent. */
public final class FlowApi implements AdminRoutes {
  private final Supplier<Tenants> tenants;
  private final SilenceWatch watch;

  public FlowApi(Supplier<Tenants> tenants, SilenceWatch watch) {
    this.tenants = tenants;
    this.watch = watch;
  }

  @Override
  public void addTo(Router router) {
    router.get("/admin/v1/flows").handler(AdminAnswer.by(this::list));
  }

  private AdminAnswer list(RoutingContext context) {
    AdminRequest request = new AdminRequest(context, List.of("tenant", "silent"));
    Optional<String> tenant = request.text("tenant");
    if (tenant.isPresent() && tenants.get().byId(tenant.get()).isEmpty()) {
      throw AdminRequest.wrong("tenant", "'" + tenant.get() + "' is not in tenants.yaml");
    }
    boolean onlySilent = request.isTrue("silent");
    ArrayNode json = Json.mapper().createArrayNode();
    for (FlowReport report : watch.all()) {
      if (tenant.map(report.flow().tenant()::equals).orElse(true)
          && (report.silent() || !onlySilent)) {
        describe(json.addObject(), report);
      }
    }
    return AdminAnswer.json(json);
  }

  private static void describe(ObjectNode json, FlowReport report) {
    json.put("tenant", report.flow().tenant())
        .put("stage", report.flow().stage().text())
        .put("party", report.flow().party())
        .put("entity", report.flow().entity())
        .put("state", report.silent() ? "silent" : "flows");
    report.last().ifPresent(last -> json.put("lastSuccess", last.toString()));
    report.within().ifPresent(within -> json.put("withinSeconds", within.toSeconds()));
    report.waiting().ifPresent(since -> json.put("oldestWaiting", since.toString()));
  }
}
