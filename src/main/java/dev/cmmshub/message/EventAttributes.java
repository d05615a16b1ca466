package dev.cmmshub.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** An event's attributes as a JSON object of CloudEvents names, apart from its data. */
public final class EventAttributes {
  private EventAttributes() {}

  public static String toJson(Event event) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("id", event.id());
    json.put("type", event.type());
    json.put("subject", event.subject());
    json.put("partitionkey", event.key().toString());
    json.put("sourceversion", event.version());
    json.put("time", event.time().toString());
    json.put("datacontenttype", event.contentType());
    json.put("dataschema", event.dataSchema());
    json.put("correlationid", event.correlationId());
    json.put("causationid", event.causationId());
    if (event.trace() != null) {
      json.put(TraceParent.HEADER, event.trace().value());
    }
    json.put("receivedby", event.origin().receivedBy());
    json.put("apiversion", event.origin().api());
    return json.toString();
  }

  /** The event these attributes were taken from. */
  public static Event toEvent(String attributes, byte[] data) {
    JsonNode json = Json.read(attributes.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new Event(
        text(json, "id"),
        text(json, "type"),
        text(json, "subject"),
        EventKey.parse(text(json, "partitionkey")),
        json.get("sourceversion").longValue(),
        Instant.parse(text(json, "time")),
        text(json, "datacontenttype"),
        text(json, "dataschema"),
        text(json, "correlationid"),
        text(json, "causationid"),
        TraceParent.read(text(json, TraceParent.HEADER)),
        Origin.of(text(json, "receivedby"), text(json, "apiversion")),
        data);
  }

  private static String text(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.get(name).asText() : null;
  }
}
