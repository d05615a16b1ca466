package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.cmmshub.message.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maintenance orders behind OData V2: understands the filters that the source sends, sorts by time
 * and key, and gives no more than its own limit, saying {@code __next} when there are more.
 */
public final class PolledSap extends PolledErp {
  public static final String USER = "HUB";

  private static final String TIME = "datetimeoffset'([^']+)'";
  private static final Pattern SINCE = Pattern.compile("LastChangeDateTime ge " + TIME);
  private static final Pattern BEHIND =
      Pattern.compile(
          "LastChangeDateTime gt "
              + TIME
              + " or \\(LastChangeDateTime eq "
              + TIME
              + " and MaintenanceOrder gt '((?:[^']|'')+)'\\)");

  private final Map<String, ObjectNode> orders = new ConcurrentHashMap<>();
  private volatile int limit = 1000;

  /** Adds an order or changes one. */
  public void put(String number, Instant changed) {
    ObjectNode order = Json.mapper().createObjectNode();
    order
        .put("MaintenanceOrder", number)
        .put("MaintenanceOrderType", "YA01")
        .put("MaintenanceOrderDesc", "Pump " + number)
        .put("SystemStatusText", "REL")
        .put("LastChangeDateTime", "/Date(" + changed.toEpochMilli() + "+0000)/");
    orders.put(number, order);
  }

  /** Adds something that is no order. */
  public void putForeign(String number, Instant changed) {
    put(number, changed);
    orders.get(number).put("MaintenanceOrderOperation", "0010");
  }

  /** Most entities of one page, however many are asked for. */
  public void limit(int most) {
    limit = most;
  }

  @Override
  String authorization() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((USER + ':' + SECRET).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  JsonNode page(HttpExchange exchange, JsonNode body) {
    Map<String, String> query = query(exchange.getRequestURI());
    String filter = String.valueOf(query.get("$filter"));
    Matcher since = SINCE.matcher(filter);
    Matcher behind = BEHIND.matcher(filter);
    if (!"GET".equals(exchange.getRequestMethod())
        || !exchange.getRequestURI().getPath().endsWith("/API_MAINTENANCEORDER/MaintenanceOrder")
        || !"LastChangeDateTime,MaintenanceOrder".equals(query.get("$orderby"))
        || !"EN".equals(query.get("sap-language"))
        || !since.matches() && !behind.matches()) {
      return null;
    }
    Instant time = Instant.parse(since.matches() ? since.group(1) : behind.group(1));
    String key = since.matches() ? "" : behind.group(3).replace("''", "'");
    List<ObjectNode> found =
        orders.values().stream()
            .filter(
                order ->
                    changed(order).isAfter(time)
                        || changed(order).equals(time) && key(order).compareTo(key) > 0)
            .sorted(Comparator.comparing(PolledSap::changed).thenComparing(PolledSap::key))
            .toList();
    int most = Math.min(limit, Integer.parseInt(query.get("$top")));
    ObjectNode page = Json.mapper().createObjectNode();
    ObjectNode d = page.putObject("d");
    ArrayNode results = d.putArray("results");
    found.stream().limit(most).forEach(results::add);
    if (found.size() > limit && limit < Integer.parseInt(query.get("$top"))) {
      d.put("__next", "http://elsewhere.invalid/MaintenanceOrder?$skiptoken=" + limit);
    }
    return page;
  }

  private static String key(ObjectNode order) {
    return order.get("MaintenanceOrder").asText();
  }

  private static Instant changed(ObjectNode order) {
    return Instant.ofEpochMilli(
        Long.parseLong(order.get("LastChangeDateTime").asText().replaceAll("[^0-9+]|\\+.*", "")));
  }
}
