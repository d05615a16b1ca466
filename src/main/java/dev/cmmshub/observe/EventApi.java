package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.Refusal;
import dev.cmmshub.store.event.EventCursor;
import dev.cmmshub.store.event.EventFinder;
import dev.cmmshub.store.event.EventQuery;
import dev.cmmshub.store.event.FoundEvent;
import dev.cmmshub.store.event.Passports;
import dev.cmmshub.store.event.TooManyException;
import dev.cmmshub.tenant.Tenants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code /admin/v1/events}: where an event is. */
public final class EventApi implements AdminRoutes {
  private static final String PATH = "/admin/v1/events";
  private static final int MOST = 1000;
  private static final int USUAL = 50;
  private static final String TENANT = "tenant";
  private static final List<String> FILTERS =
      List.of(TENANT, "system", "entity", "externalId", "status", "since", "until", "text");

  private final Supplier<Tenants> tenants;
  private final EventFinder finder;
  private final Passports passports;
  private final Clock clock;

  public EventApi(Supplier<Tenants> tenants, EventFinder finder, Passports passports, Clock clock) {
    this.tenants = tenants;
    this.finder = finder;
    this.passports = passports;
    this.clock = clock;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::find));
    router.get(PATH + "/passport").handler(AdminAnswer.by(this::show));
  }

  private AdminAnswer find(RoutingContext context) {
    AdminRequest request = new AdminRequest(context, FILTERS, "limit", "cursor");
    EventFinder.Page page;
    try {
      page = finder.find(query(request));
    } catch (TooManyException e) {
      throw AdminRequest.wrong("externalId", e.getMessage());
    }
    if (page.events().isEmpty() && !page.unavailable().isEmpty()) {
      return away("no event is found on the shards that answer", page.unavailable());
    }
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode events = json.putArray("events");
    page.events().forEach(event -> events.add(json(event)));
    json.put("next", page.next() == null ? null : page.next().toString());
    json.put("reached", page.next() == null ? null : page.next().at().toString());
    page.unavailable().forEach(json.putArray("unavailable")::add);
    return AdminAnswer.json(json);
  }

  private EventQuery query(AdminRequest request) {
    AskedTimes times = new AskedTimes(clock.instant());
    return new EventQuery(
        tenant(request),
        request.text("system").orElse(null),
        request.text("entity").orElse(null),
        request.text("externalId").orElse(null),
        request.text("status").map(EventApi::status).orElse(null),
        request.text("since").map(text -> times.read("since", text)).orElse(null),
        request.text("until").map(text -> times.read("until", text)).orElse(null),
        request.text("text").orElse(null),
        request.text("cursor").map(EventApi::cursor).orElse(null),
        request.number("limit", USUAL, 1, MOST));
  }

  private static String status(String status) {
    if (!EventQuery.STATUSES.contains(status)) {
      throw AdminRequest.wrong("status", "expected one of " + EventQuery.STATUSES);
    }
    return status;
  }

  private static EventCursor cursor(String text) {
    return EventCursor.parse(text)
        .orElseThrow(
            () -> AdminRequest.wrong("cursor", "expected what an answer gave as next, unchanged"));
  }

  private String tenant(AdminRequest request) {
    String id = request.text(TENANT).orElse(null);
    if (id != null && tenants.get().byId(id).isEmpty()) {
      throw AdminRequest.wrong(TENANT, "'" + id + "' is not in tenants.yaml");
    }
    return id;
  }

  private AdminAnswer show(RoutingContext context) {
    AdminRequest request = new AdminRequest(context, List.of("of", TENANT));
    String name =
        request
            .text("of")
            .orElseThrow(
                () ->
                    AdminRequest.wrong(
                        "of", "expected an event id, an external id or a correlation id"));
    Passports.Found found = passports.find(name, tenant(request));
    if (found.passport() != null) {
      ObjectNode passport = found.passport();
      if (found.candidates().size() > 1) {
        passport.put("others", found.candidates().size() - 1);
      }
      found.unavailable().forEach(passport.putArray("unavailable")::add);
      return AdminAnswer.json(passport);
    }
    if (!found.candidates().isEmpty()) {
      throw ambiguous(name, found.candidates());
    }
    if (!found.unavailable().isEmpty()) {
      return away(
          "nothing is known of '" + name + "' on the shards that answer", found.unavailable());
    }
    throw unknown(name);
  }

  private static AdminAnswer away(String what, List<String> shards) {
    return AdminAnswer.problem(
        503,
        "shard-unavailable",
        what + "; shard " + String.join(", ", shards) + " does not: ask again");
  }

  private static Refusal ambiguous(String name, List<Passports.Candidate> candidates) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "ambiguous",
        "'"
            + name
            + "' can mean several, give an event id or a tenant: "
            + candidates.stream()
                .limit(Passports.MOST)
                .map(
                    one ->
                        one.id()
                            + " ("
                            + one.tenant()
                            + ", "
                            + one.system()
                            + ", "
                            + one.entity()
                            + ")")
                .collect(Collectors.joining(", "))
            + (candidates.size() > Passports.MOST ? ", …" : ""));
  }

  private static Refusal unknown(String name) {
    return new Refusal(
        Refusal.Kind.UNKNOWN,
        "unknown-event",
        "nothing is known of '"
            + name
            + "', neither as event id nor as external id or correlation id; it may be still on its"
            + " way: what was answered 202 waits in Kafka until its shard has taken it"
            + " (hub_tenant_backlog tells how many do); what was refused is nowhere");
  }

  private static ObjectNode json(FoundEvent event) {
    return Json.mapper()
        .createObjectNode()
        .put("id", event.id())
        .put(TENANT, event.tenant())
        .put("system", event.system())
        .put("entity", event.entity())
        .put("externalId", event.externalId())
        .put("type", event.type())
        .put("version", event.version())
        .put("receivedAt", event.receivedAt().toString())
        .put("receivedBy", event.receivedBy())
        .put("status", event.status())
        .put("shard", event.shard());
  }
}
