package dev.cmmshub.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** What the connector's mappings say of a SAP work order, as somebody would write it in Java. */
final class HandWritten {
  private HandWritten() {}

  static JsonNode envelope(JsonNode body) {
    JsonNode order = body.path("d");
    ObjectNode envelope = Json.mapper().createObjectNode();
    envelope.put("version", millis(order.path("LastChangeDateTime").textValue()));
    envelope.put("entity", "workorder");
    envelope.put("action", action(codes(order)));
    envelope.set("externalId", order.get("MaintenanceOrder"));
    return envelope;
  }

  private static List<String> codes(JsonNode order) {
    return Arrays.asList(order.path("SystemStatusText").asText().split(" +"));
  }

  private static String action(List<String> codes) {
    return codes.contains("CLSD")
        ? "closed"
        : codes.contains("TECO") ? "completed" : codes.contains("REL") ? "released" : "changed";
  }

  static JsonNode canonical(JsonNode body) {
    JsonNode order = body.path("d");
    ObjectNode entity = Json.mapper().createObjectNode();
    copy(order, "MaintenanceOrder", entity, "number");
    copy(order, "MaintenanceOrderDesc", entity, "description");
    List<String> codes = codes(order);
    entity.put("status", String.join(" ", codes));
    entity.put("lifecycle", lifecycle(codes));
    entity.put("maintenanceCategory", category(order.path("MaintenanceOrderType").asText()));
    copy(order, "Equipment", entity, "assetId");
    copy(order, "MaintPriority", entity, "priority");
    entity.put("plannedStart", moment(order, "MaintOrdBasicStart"));
    entity.put("plannedEnd", moment(order, "MaintOrdBasicEnd"));
    long changed = millis(order.path("LastChangeDateTime").textValue());
    entity.put("updatedAt", Instant.ofEpochMilli(changed).toString());
    ObjectNode attributes = entity.putObject("attributes");
    copy(order, "MaintenanceOrderType", attributes, "orderType");
    copy(order, "MaintenanceActivityType", attributes, "activityType");
    copy(order, "MaintenanceNotification", attributes, "notification");
    copy(order, "FunctionalLocation", attributes, "functionalLocation");
    copy(order, "MainWorkCenter", attributes, "mainWorkCenter");
    copy(order, "MaintenancePlant", attributes, "maintenancePlant");
    copy(order, "CompanyCode", attributes, "companyCode");
    copy(order, "CostCenter", attributes, "costCenter");
    return entity;
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String as) {
    JsonNode value = from.path(name);
    if (!value.asText().isEmpty()) {
      to.set(as, value);
    }
  }

  private static String lifecycle(List<String> codes) {
    if (codes.contains("DLFL") || codes.contains("DLT")) {
      return "cancelled";
    } else if (codes.contains("CLSD")) {
      return "closed";
    } else if (codes.contains("TECO")) {
      return "technicallyComplete";
    } else if (codes.contains("CNF") || codes.contains("PCNF")) {
      return "inProgress";
    }
    return codes.contains("REL") ? "released" : "draft";
  }

  private static String category(String type) {
    return switch (type) {
      case "PM02", "YA02", "YBA2" -> "preventive";
      case "YBA3" -> "conditionBased";
      default -> "corrective";
    };
  }

  private static String moment(JsonNode order, String name) {
    Instant day = Instant.ofEpochMilli(millis(order.path(name + "Date").textValue()));
    return LocalDate.ofInstant(day, ZoneOffset.UTC)
        .atTime(LocalTime.MIDNIGHT.plus(Duration.parse(order.path(name + "Time").textValue())))
        .toInstant(ZoneOffset.UTC)
        .toString();
  }

  private static long millis(String date) {
    return Long.parseLong(date, "/Date(".length(), date.length() - ")/".length(), 10);
  }
}
