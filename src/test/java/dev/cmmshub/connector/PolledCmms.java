package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.cmmshub.message.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Work orders of a CMMS: {@code updatedSince}, {@code limit} and a cursor with odd characters. */
public final class PolledCmms extends PolledErp {
  private record Order(String id, int revision, Instant updated) {}

  private final Map<String, Order> orders = new ConcurrentHashMap<>();

  /** Adds a work order or changes one. */
  public void put(String id, int revision, Instant updated) {
    orders.put(id, new Order(id, revision, updated));
  }

  @Override
  String authorization() {
    return "Bearer " + SECRET;
  }

  @Override
  JsonNode page(HttpExchange exchange, JsonNode body) {
    Map<String, String> query = query(exchange.getRequestURI());
    String cursor = query.get("cursor");
    if (!exchange.getRequestURI().getPath().equals("/api/v1/workorders")
        || cursor != null && !cursor.matches("[^&]+&#[^&]+")) {
      return null;
    }
    Instant since =
        Instant.parse(cursor == null ? query.get("updatedSince") : cursor.split("&")[0]);
    String after = cursor == null ? "" : cursor.split("#")[1];
    List<Order> found =
        orders.values().stream()
            .filter(
                order ->
                    order.updated.isAfter(since)
                        || order.updated.equals(since) && order.id.compareTo(after) > 0)
            .sorted(java.util.Comparator.comparing(Order::updated).thenComparing(order -> order.id))
            .toList();
    int limit = Integer.parseInt(query.get("limit"));
    ObjectNode page = Json.mapper().createObjectNode();
    ArrayNode items = page.putArray("items");
    found.stream().limit(limit).forEach(order -> items.add(item(order)));
    page.put(
        "next",
        found.size() > limit
            ? found.get(limit - 1).updated + "&#" + found.get(limit - 1).id
            : null);
    return page;
  }

  private static ObjectNode item(Order order) {
    ObjectNode item = Json.mapper().createObjectNode();
    item.put("entity", "workorder").put("action", "released");
    item.put("id", order.id).put("revision", order.revision);
    item.putObject("data")
        .put("number", order.id)
        .put("lifecycle", "released")
        .put("maintenanceCategory", "corrective")
        .put("updatedAt", order.updated.toString());
    return item;
  }
}
