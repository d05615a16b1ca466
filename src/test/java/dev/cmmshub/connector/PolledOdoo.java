package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.cmmshub.message.Json;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Equipment behind the JSON-2 API. As PostgreSQL does for Odoo it keeps microseconds and compares
 * and sorts by them, and shows seconds.
 */
public final class PolledOdoo extends PolledErp {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private final Map<Integer, Instant> equipment = new ConcurrentHashMap<>();

  /** Adds a piece of equipment or changes one. */
  public void put(int id, Instant changed) {
    equipment.put(id, changed);
  }

  @Override
  String authorization() {
    return "Bearer " + SECRET;
  }

  @Override
  JsonNode page(HttpExchange exchange, JsonNode body) {
    String order = body.path("order").asText();
    if (!"POST".equals(exchange.getRequestMethod())
        || !exchange.getRequestURI().getPath().equals("/json/2/maintenance.equipment/search_read")
        || !"acme".equals(exchange.getRequestHeaders().getFirst("X-Odoo-Database"))
        || !body.at("/context/active_test").isBoolean()
        || !List.of("write_date, id", "id").contains(order)) {
      return null;
    }
    Predicate<Map.Entry<Integer, Instant>> domain = entry -> true;
    for (JsonNode term : body.get("domain")) {
      domain = domain.and(term(term));
    }
    Comparator<Map.Entry<Integer, Instant>> byId = Map.Entry.comparingByKey();
    ArrayNode page = Json.mapper().createArrayNode();
    new TreeMap<>(equipment)
        .entrySet().stream()
            .filter(domain)
            .sorted(
                order.equals("id")
                    ? byId
                    : Map.Entry.<Integer, Instant>comparingByValue().thenComparing(byId))
            .limit(body.get("limit").asInt())
            .forEach(entry -> page.add(record(entry, body.get("fields"))));
    return page;
  }

  private static Predicate<Map.Entry<Integer, Instant>> term(JsonNode term) {
    String field = term.get(0).asText();
    String operator = term.get(1).asText();
    if (field.equals("id") && operator.equals(">")) {
      return entry -> entry.getKey() > term.get(2).asInt();
    }
    Instant time = LocalDateTime.parse(term.get(2).asText(), SECONDS).toInstant(ZoneOffset.UTC);
    if (field.equals("write_date") && operator.equals(">=")) {
      return entry -> !entry.getValue().isBefore(time);
    }
    if (field.equals("write_date") && operator.equals("<")) {
      return entry -> entry.getValue().isBefore(time);
    }
    throw new IllegalArgumentException("no such term: " + term);
  }

  private static ObjectNode record(Map.Entry<Integer, Instant> entry, JsonNode fields) {
    ObjectNode record = Json.mapper().createObjectNode().put("id", entry.getKey());
    for (JsonNode field : fields) {
      switch (field.asText()) {
        case "name" -> record.put("name", "Pump " + entry.getKey());
        case "active" -> record.put("active", true);
        case "write_date" ->
            record.put("write_date", SECONDS.format(entry.getValue().atOffset(ZoneOffset.UTC)));
        default -> record.put(field.asText(), false);
      }
    }
    return record;
  }
}
