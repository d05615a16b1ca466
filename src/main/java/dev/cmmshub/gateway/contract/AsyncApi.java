package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.CanonicalSchemas;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The description of the topics and of the webhooks, written as YAML with references to the
 * canonical schemas by their addresses.
 *
 * <p>Nobody can fetch these addresses, so the document brings the schemas along, under {@code
 * components.schemas}, and refers to them there.
 */
public final class AsyncApi {
  private static final Pattern CANONICAL =
      Pattern.compile("https://cmmshub\\.dev/schema/(\\w+)/v1");
  private static final String COMMON = "common";
  private static final String INSIDE = "#/components/schemas/";

  private AsyncApi() {}

  /**
   * The document, version 3.0, complete in itself.
   *
   * @param topics gives the names that this hub's topics and groups begin with
   */
  public static JsonNode read(Topics topics) {
    ObjectNode document = (ObjectNode) Resources.yaml("/asyncapi.yaml");
    name(document, topics.prefix());
    rewrite(document, "");
    ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
    for (String entity : new TreeSet<>(CanonicalSchemas.ENTITIES)) {
      schemas.set(entity, canonical(entity));
    }
    schemas.set(COMMON, canonical(COMMON));
    return document;
  }

  private static void name(JsonNode document, String prefix) {
    for (JsonNode channel : document.get("channels")) {
      if (channel.hasNonNull("address")) {
        ((ObjectNode) channel).put("address", prefixed(channel.get("address"), prefix));
      }
    }
    for (JsonNode operation : document.get("operations")) {
      if (operation.at("/bindings/kafka/groupId") instanceof ObjectNode group) {
        group.put("const", prefixed(group.get("const"), prefix));
      }
    }
  }

  private static String prefixed(JsonNode name, String prefix) {
    return prefix + name.asText().substring("hub".length());
  }

  private static JsonNode canonical(String name) {
    ObjectNode schema = (ObjectNode) Resources.json("/schema/" + name + ".schema.json");
    schema.remove("$schema");
    schema.remove("$id");
    rewrite(schema, INSIDE + name);
    return schema;
  }

  /**
   * Makes references to canonical schemas, and those inside one, references inside the document.
   *
   * @param place where the schema's own root will be
   */
  private static void rewrite(JsonNode node, String place) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (member.getKey().equals("$ref")) {
          member.setValue(TextNode.valueOf(inside(member.getValue().asText(), place)));
        } else {
          rewrite(member.getValue(), place);
        }
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(item -> rewrite(item, place));
    }
  }

  private static String inside(String reference, String place) {
    Matcher canonical = CANONICAL.matcher(reference);
    if (canonical.lookingAt()) {
      // The fragment, if there is one, begins with "#/".
      String fragment = reference.substring(canonical.end());
      return INSIDE + canonical.group(1) + (fragment.isEmpty() ? "" : fragment.substring(1));
    }
    return place.isEmpty() ? reference : place + reference.substring(1);
  }
}
