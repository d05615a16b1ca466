package dev.cmmshub.gateway.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cmmshub.message.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Holds what was seen of a hub against an AsyncAPI document. */
record DescribedEvents(JsonNode document) {
  /** A record of a topic, or a call of a webhook. */
  record Seen(String channel, Map<String, String> headers, byte[] key, byte[] data) {}

  /** The one message whose headers fit; its key and payload have to fit as well. */
  String messageOf(Seen one) {
    List<String> fitting = new ArrayList<>();
    Map<String, Set<ValidationMessage>> why = new TreeMap<>();
    document
        .at("/channels/" + one.channel() + "/messages")
        .fieldNames()
        .forEachRemaining(
            name -> {
              Set<ValidationMessage> wrong =
                  violations(
                      place(one, name) + "/headers", Json.mapper().valueToTree(one.headers()));
              why.put(name, wrong);
              if (wrong.isEmpty()) {
                fitting.add(name);
              }
            });
    assertThat(fitting).as("%s %s: %s", one.channel(), one.headers(), why).hasSize(1);
    JsonNode message = message(one, fitting.get(0));
    if (fitting.get(0).equals("foreign")) {
      return "foreign";
    }
    checkHeadersAreDescribed(one, message);
    if (one.key() != null) {
      JsonNode key = Json.mapper().valueToTree(new String(one.key(), UTF_8));
      assertThat(violations("#/components/messageBindings/keyed/kafka/key", key)).isEmpty();
      assertThat(one.headers()).containsEntry("ce_partitionkey", key.asText());
    }
    assertThat(violations(place(one, fitting.get(0)) + "/payload", Json.read(one.data())))
        .as(one.headers().toString())
        .isEmpty();
    return fitting.get(0);
  }

  private void checkHeadersAreDescribed(Seen one, JsonNode message) {
    References references = new References(document);
    List<String> described =
        new Fields(references, new Types(references, Set.of()))
            .of(message.get("headers")).stream().map(Shape.Row::name).toList();
    assertThat(described).containsAll(one.headers().keySet());
  }

  private String place(Seen one, String name) {
    return document.at("/channels/" + one.channel() + "/messages/" + name + "/$ref").asText();
  }

  private JsonNode message(Seen one, String name) {
    return new References(document)
        .resolve(document.at("/channels/" + one.channel() + "/messages/" + name));
  }

  /** What a value breaks of the schema at a place of the document. */
  private Set<ValidationMessage> violations(String place, JsonNode value) {
    ObjectNode schema = Json.mapper().createObjectNode();
    schema.put("$ref", place).set("components", document.get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
        .getSchema(schema)
        .validate(value);
  }
}
