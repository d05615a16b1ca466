package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.SubscriptionStates;
import dev.cmmshub.tenant.Subscription;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;

/** {@code /admin/v1/subscriptions}: how each stands, and enabling one that was gone. */
public final class SubscriptionApi implements AdminRoutes {
  private static final String PATH = "/admin/v1/subscriptions";

  private final SubscriptionStates subscriptions;

  public SubscriptionApi(SubscriptionStates subscriptions) {
    this.subscriptions = subscriptions;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::list));
    router.post(PATH + "/:tenant/:id/enable").handler(AdminAnswer.by(this::enable));
  }

  private AdminAnswer list(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of("tenant"));
    ArrayNode json = Json.mapper().createArrayNode();
    for (SubscriptionStates.State state : subscriptions.all(request.text("tenant"))) {
      describe(json.addObject(), state);
    }
    return AdminAnswer.json(json);
  }

  private static void describe(ObjectNode json, SubscriptionStates.State state) {
    Subscription subscription = state.subscription();
    json.put("tenant", state.tenant()).put("id", subscription.id()).put("to", subscription.to());
    subscription.events().forEach(json.putArray("events")::add);
    json.put("order", subscription.order().text())
        .put("state", state.goneSince().isPresent() ? "gone" : "enabled");
    state.goneSince().ifPresent(since -> json.put("since", since.toString()));
    json.put("parked", state.parked());
  }

  private AdminAnswer enable(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of());
    String tenant = request.path("tenant");
    subscriptions.enable(tenant, request.id(), request.operator());
    return AdminAnswer.json(
        Json.mapper()
            .createObjectNode()
            .put("tenant", tenant)
            .put("id", request.id())
            .put("state", "enabled"));
  }
}
