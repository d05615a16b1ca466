package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.Refusal;
import dev.cmmshub.store.AuditChain;
import dev.cmmshub.store.AuditEntry;
import dev.cmmshub.store.AuditTrail;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /admin/v1/audit}: what operators did, and whether that is still what was written. */
public final class AuditApi implements AdminRoutes {
  private static final String PATH = "/admin/v1/audit";
  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private final Supplier<Tenants> tenants;
  private final AuditTrail trail;

  public AuditApi(Supplier<Tenants> tenants, AuditTrail trail) {
    this.tenants = tenants;
    this.trail = trail;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::list));
    router.get(PATH + "/verification").handler(AdminAnswer.by(this::verify));
  }

  private AdminAnswer list(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of("tenant", "target", "limit"));
    return AdminAnswer.json(
        json(
            trail.newest(
                tenant(request), request.text("target"), request.number("limit", USUAL, 1, MOST))));
  }

  private AdminAnswer verify(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of("tenant"));
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode chains = json.putArray("chains");
    boolean intact = true;
    for (AuditChain chain : trail.verify(tenant(request))) {
      ObjectNode one =
          chains
              .addObject()
              .put("tenant", chain.tenant())
              .put("rows", chain.rows())
              .put("head", chain.head());
      if (chain.broken().isPresent()) {
        intact = false;
        AuditChain.Broken broken = chain.broken().get();
        one.putObject("broken").put("seq", broken.seq()).put("why", broken.why());
      }
    }
    return AdminAnswer.json(json.put("intact", intact));
  }

  private Optional<Tenant> tenant(AdminRequest request) {
    Optional<String> id = request.text("tenant");
    if (id.isPresent() && tenants.get().byId(id.get()).isEmpty()) {
      throw new Refusal(
          Refusal.Kind.WRONG, "tenant", "tenant: '" + id.get() + "' is not in tenants.yaml");
    }
    return id.flatMap(tenants.get()::byId);
  }

  static ArrayNode json(List<AuditEntry> entries) {
    ArrayNode json = Json.mapper().createArrayNode();
    for (AuditEntry entry : entries) {
      json.addObject()
          .put("tenant", entry.tenant())
          .put("seq", entry.seq())
          .put("at", entry.at().toString())
          .put("operator", entry.operator())
          .put("action", entry.action())
          .put("target", entry.target())
          .put("hash", HexFormat.of().formatHex(entry.hash()))
          .set("detail", Json.read(entry.detail().getBytes(StandardCharsets.UTF_8)));
    }
    return json;
  }
}
