package dev.cmmshub.store.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * One event's whole way as a document: {@code {"id", "status", "shard", "event", "received",
 * "steps", "chain"}}.
 */
public final class Passport {
  private static final List<String> FURTHEST =
      List.of("dead-lettered", "parked", "discarded", "delivered", "applied", "superseded");
  private static final String STEP = "step";

  private Passport() {}

  /**
   * Of what the shard tells.
   *
   * @param told the result of {@code event_passport}, or null when the shard knows nothing
   * @param accepted when a node accepted it, or null; only used where the shard knows nothing
   */
  public static ObjectNode of(String id, String shard, String told, Instant accepted) {
    ObjectNode document = Json.mapper().createObjectNode().put("id", id);
    JsonNode known =
        told == null ? Json.mapper().createObjectNode() : Json.read(told.getBytes(UTF_8));
    document.put("status", status(known.path("steps")));
    if (told != null) {
      document.put("shard", shard);
      copy(known, document, "event");
      copy(known, document, "received");
    }
    ArrayNode steps = document.putArray("steps");
    if (known.has("received")) {
      steps
          .addObject()
          .put(STEP, "accepted")
          .setAll((ObjectNode) document.get("received").deepCopy());
    } else if (accepted != null) {
      steps.addObject().put(STEP, "accepted").put("at", accepted.toString());
    }
    known.path("steps").forEach(step -> steps.add(dated(step)));
    copy(known, document, "chain");
    return document;
  }

  /** Without what is the operators' alone. */
  public static ObjectNode forTenant(ObjectNode passport) {
    passport.get("steps").forEach(step -> ((ObjectNode) step).remove("operator"));
    return passport;
  }

  private static void copy(JsonNode from, ObjectNode to, String name) {
    if (from.has(name)) {
      JsonNode value = from.get(name);
      if (value.isArray()) {
        value.forEach(Passport::dated);
      }
      to.set(name, dated(value));
    }
  }

  /** PostgreSQL writes times with an offset. */
  private static JsonNode dated(JsonNode node) {
    for (String name : List.of("at", "since")) {
      if (node.has(name)) {
        Instant at = OffsetDateTime.parse(node.get(name).asText()).toInstant();
        ((ObjectNode) node).put(name, at.toString());
      }
    }
    return node;
  }

  private static String status(JsonNode steps) {
    for (String furthest : FURTHEST) {
      for (JsonNode step : steps) {
        if (furthest.equals(reached(step))) {
          return furthest;
        }
      }
    }
    return "accepted";
  }

  /** What an observer had already when it was asked is delivered. */
  private static String reached(JsonNode step) {
    String name = step.path(STEP).asText();
    return name.equals("found") ? "delivered" : name;
  }
}
