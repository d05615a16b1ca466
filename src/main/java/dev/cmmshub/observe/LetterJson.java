package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.Letter;
import dev.cmmshub.recovery.letter.LetterView;
import dev.cmmshub.recovery.letter.ReplayRuns;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

  private static ObjectNode of(Letter letter) {
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
        .put("edited", letter.edit() > 0)
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

  /** A letter with its payload and what its stage would make of it. */
  static ObjectNode view(LetterView view) {
    ObjectNode json = of(view.letter());
    json.put("version", view.version());
    json.set("attributes", view.attributes());
    json.set("payload", payload(view.contentType(), view.payload()));
    if (view.letter().edit() > 0) {
      json.set("original", payload(view.contentType(), view.died()));
    }
    json.putObject("then")
        .put("errorClass", view.letter().errorClass())
        .put("reason", view.letter().reason());
    ObjectNode now = json.putObject("now").put("accepted", view.now().isPresent());
    view.now().ifPresent(result -> now.set("result", result));
    view.failure()
        .ifPresent(
            failure -> now.put("errorClass", failure.errorClass()).put("reason", failure.reason()));
    view.newer().ifPresent(version -> json.put("newerVersionStored", version));
    ArrayNode history = json.putArray("history");
    view.history().forEach(step -> history.add(of(step)));
    ArrayNode edits = json.putArray("edits");
    view.edits()
        .forEach(
            edit ->
                edits
                    .addObject()
                    .put("version", edit.version())
                    .put("at", edit.at().toString())
                    .put("by", edit.by())
                    .put("bytes", edit.bytes()));
    json.set("audit", AuditApi.json(view.audit()));
    return json;
  }

  private static ObjectNode of(LetterView.Step step) {
    return Json.mapper()
        .createObjectNode()
        .put("step", step.step())
        .put("at", step.at().toString())
        .put("to", step.to())
        .put("attempt", step.attempt())
        .put("reason", step.reason());
  }

  /** As text where the bytes are UTF-8, else in base 64. */
  private static ObjectNode payload(String contentType, byte[] bytes) {
    ObjectNode payload =
        Json.mapper().createObjectNode().put("contentType", contentType).put("bytes", bytes.length);
    try {
      return payload.put(
          "text", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return payload.put("base64", bytes);
    }
  }

  static ObjectNode of(ReplayRuns.Progress progress) {
    ObjectNode json =
        Json.mapper()
            .createObjectNode()
            .put("waiting", progress.waiting())
            .put("behind", progress.behind());
    json.set("retried", groups(progress.retried()));
    json.set("failed", groups(progress.failed()));
    return json;
  }

  private static ArrayNode groups(List<ReplayRuns.Group> groups) {
    ArrayNode json = Json.mapper().createArrayNode();
    groups.forEach(
        group ->
            json.addObject()
                .put("errorClass", group.errorClass())
                .put("count", group.count())
                .put("id", group.id().toString())
                .put("key", group.key())
                .put("reason", group.reason()));
    return json;
  }
}
