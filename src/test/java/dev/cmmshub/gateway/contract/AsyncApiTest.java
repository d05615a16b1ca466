package dev.cmmshub.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The description of the topics and webhooks, beside what others made of AsyncAPI. */
class AsyncApiTest {
  private static final JsonNode DOCUMENT = AsyncApi.read(new Topics("hub"));

  /** The specification's own schema, as its authors publish it. */
  private static JsonSchema official() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
        .getSchema(
            Json.read(
                Files.readAllBytes(Path.of("src/test/resources/contracts/asyncapi-3.0.0.json"))));
  }

  @Test
  void itFitsTheSpecification() throws IOException {
    assertThat(official().validate(DOCUMENT)).isEmpty();
    ObjectNode wrong = DOCUMENT.deepCopy();
    ((ObjectNode) wrong.at("/operations/callWebhook")).put("action", "sends");
    assertThat(official().validate(wrong)).isNotEmpty();
    ObjectNode unknown = DOCUMENT.deepCopy();
    ((ObjectNode) unknown.at("/channels/inbound")).put("adress", "hub.inbound");
    assertThat(official().validate(unknown)).isNotEmpty();
  }

  @Test
  void everyReferenceLeadsToSomethingInIt() {
    References references = new References(DOCUMENT);
    List<JsonNode> parents = DOCUMENT.findParents("$ref");
    assertThat(parents).hasSizeGreaterThan(100);
    for (JsonNode parent : parents) {
      assertThat(parent.get("$ref").asText()).startsWith("#/");
      assertThat(references.resolve(parent).isMissingNode()).isFalse();
    }
  }

  @Test
  void itHasTheTopicsAndTheEntitiesThatTheHubHas() {
    Topics plant = new Topics("plant-7");
    JsonNode document = AsyncApi.read(plant);
    List<String> addresses =
        document.get("channels").findValues("address").stream()
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .toList();
    assertThat(addresses).containsExactlyElementsOf(plant.all());
    assertThat(document.get("operations").findValuesAsText("const"))
        .containsExactly("plant-7-transform", "plant-7-bulk", "plant-7-notify", "plant-7-retry");
    Set<String> entitiesAndDigests = new HashSet<>(CanonicalSchemas.ENTITIES);
    entitiesAndDigests.add("loaded");
    for (String channel : List.of("canonical", "webhook")) {
      assertThat(document.at("/channels/" + channel + "/messages").fieldNames())
          .toIterable()
          .containsExactlyInAnyOrderElementsOf(entitiesAndDigests);
    }
  }
}
