package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.gateway.contract.Shape.Row;
import dev.cmmshub.gateway.contract.Shape.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells the channels of the AsyncAPI document: topics, and webhooks. */
final class Channels {
  /**
   * A topic, or all webhooks.
   *
   * @param address the topic's name, empty for webhooks
   * @param description HTML
   * @param uses what the hub does with it
   */
  record Channel(
      String id,
      String address,
      String title,
      String description,
      List<String> uses,
      List<Message> messages) {}

  /**
   * What is in a channel.
   *
   * @param description HTML
   */
  record Message(
      String title,
      String summary,
      String description,
      Type payload,
      String bytes,
      List<Row> headers) {}

  private final References references;
  private final Fields fields;
  private final Types types;

  Channels(References references, Fields fields, Types types) {
    this.references = references;
    this.fields = fields;
    this.types = types;
  }

  List<Channel> all() {
    List<Channel> channels = new ArrayList<>();
    for (Map.Entry<String, JsonNode> one : references.document().get("channels").properties()) {
      JsonNode channel = one.getValue();
      List<Message> messages = new ArrayList<>();
      channel
          .get("messages")
          .forEach(message -> messages.add(message(references.resolve(message))));
      channels.add(
          new Channel(
              one.getKey(),
              channel.path("address").asText(""),
              channel.get("title").asText(),
              Prose.html(channel.path("description")),
              uses(one.getKey()),
              messages));
    }
    return channels;
  }

  private List<String> uses(String channel) {
    List<String> uses = new ArrayList<>();
    for (JsonNode operation : references.document().get("operations")) {
      if (References.name(operation.get("channel")).equals(channel)) {
        String group = operation.at("/bindings/kafka/groupId/const").asText();
        uses.add(
            operation.get("summary").asText() + (group.isEmpty() ? "" : ", as the group " + group));
      }
    }
    return uses;
  }

  private Message message(JsonNode message) {
    JsonNode payload = message.path("payload");
    return new Message(
        message.get("title").asText(),
        message.path("summary").asText(),
        Prose.html(message.path("description")),
        types.of(payload),
        payload.path("description").asText(),
        fields.of(message.path("headers")));
  }
}
