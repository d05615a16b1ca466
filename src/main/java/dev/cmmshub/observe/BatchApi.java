package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cmmshub.batch.schedule.BatchDesk;
import dev.cmmshub.batch.schedule.BatchJson;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.Tenants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** {@code /admin/v1/batch}: how each load stands, and beginning one by hand. */
public final class BatchApi implements AdminRoutes {
  private static final String PATH = "/admin/v1/batch";

  private final BatchDesk desk;

  public BatchApi(BatchDesk desk) {
    this.desk = desk;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::list));
    router.post(PATH + "/:tenant/:definition/run").handler(AdminAnswer.by(this::run));
  }

  private AdminAnswer list(RoutingContext context) throws SQLException {
    Optional<String> tenant = new AdminRequest(context, List.of("tenant")).text("tenant");
    Tenants now = desk.tenants();
    if (tenant.isPresent() && now.byId(tenant.get()).isEmpty()) {
      throw AdminRequest.wrong("tenant", "'" + tenant.get() + "' is not in tenants.yaml");
    }
    ArrayNode json = Json.mapper().createArrayNode();
    for (BatchDesk.Report one : tenant.isPresent() ? desk.of(tenant.get()) : desk.all()) {
      json.add(BatchJson.of(one, now.budgets()));
    }
    return AdminAnswer.json(json);
  }

  private AdminAnswer run(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of("date"));
    return AdminAnswer.json(
        BatchJson.of(
            desk.begin(
                request.path("tenant"),
                request.path("definition"),
                request.text("date").map(BatchApi::date),
                request.operator().name())));
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw AdminRequest.wrong("date", "'" + text + "': expected a day such as 2026-11-27");
    }
  }
}
