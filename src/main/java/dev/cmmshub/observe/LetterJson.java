package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.Letter;
import java.util.List;
import java.util.Map;

/** Dead letters as JSON. */
final class LetterJson {
  private LetterJson() {}

  static ArrayNode all(List<Letter> letters) {
    ArrayNode all = Json.mapper().createArrayNode();
    letters.forEach(letter -> all.add(of(letter)));
    return all;
  }

  static ObjectNode of(Letter letter) {
    EventKey key = EventKey.parse(letter.key());
    return Json.mapper()
        .createObjectNode()
        .put("id", letter.id().toString())
        .put("event", letter.id().eventId())
        .put("tenant", letter.id().tenant())
        .put("system", key.system())
        .put("entity", key.entity())
        .put("type", letter.type())
        .put("stage", letter.id().stage())
        .put("subscription", letter.id().subscription())
        .put("key", letter.key())
        .put("attempt", letter.attempt())
        .put("replay", letter.replay())
        .put("edit", letter.edit())
        .put("diedAt", letter.diedAt().toString())
        .put("errorClass", letter.errorClass())
        .put("reason", letter.reason())
        .put("bytes", letter.bytes())
        .put("shard", letter.shard());
  }

  /** {@code {"total": 3, "byErrorClass": {"mapping": 2, "schema": 1}}}. */
  static ObjectNode counts(Map<String, Long> byClass) {
    ObjectNode counts = Json.mapper().createObjectNode();
    counts.put("total", byClass.values().stream().mapToLong(Long::longValue).sum());
    ObjectNode classes = counts.putObject("byErrorClass");
    byClass.forEach(classes::put);
    return counts;
  }
}
