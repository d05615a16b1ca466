package dev.cmmshub.gateway.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.util.Optional;

/**
 * What a request was answered.
 *
 * @param body in UTF-8
 */
public record Answer(int status, String contentType, Optional<String> location, String body) {
  String toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("status", status).put("contentType", contentType).put("body", body);
    location.ifPresent(at -> json.put("location", at));
    return json.toString();
  }

  static Answer fromJson(String text) {
    JsonNode json = Json.read(text.getBytes(UTF_8));
    return new Answer(
        json.get("status").intValue(),
        json.get("contentType").asText(),
        Optional.ofNullable(json.get("location")).map(JsonNode::asText),
        json.get("body").asText());
  }
}
