package dev.cmmshub.cli.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.CanonicalSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What has to hold for one sample and what comes of it, whatever is expected of it. */
final class SampleRules {
  private static final List<String> GIVEN_BY_THE_HUB =
      List.of("id", "tenantId", "externalRefs", "sourceVersion");
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> OF_A_PAGE = Set.of("records", "changedUntil", "next");

  private final CanonicalSchemas schemas;
  private final UnaryOperator<JsonNode> envelope;
  private final List<String> broken = new ArrayList<>();

  /**
   * @param envelope tells what a record of a page is
   */
  SampleRules(CanonicalSchemas schemas, UnaryOperator<JsonNode> envelope) {
    this.schemas = schemas;
    this.envelope = envelope;
  }

  /** Tells what does not hold, in words; to be called once. */
  List<String> brokenBy(Sample sample, JsonNode input, JsonNode result) {
    switch (sample.kind().orElse(sample.subject())) {
      case "from-erp" -> event(sample, result.path("envelope"), result.path("entity"));
      case "to-erp" -> request(sample, input, result);
      case "lookup" -> question(sample, input, result);
      case "found" -> found(input, result);
      default -> page(result);
    }
    return List.copyOf(broken);
  }

  private void event(Sample sample, JsonNode told, JsonNode entity) {
    String subject = told.path("entity").asText();
    require(subject.equals(sample.subject()), "envelope.entity: '" + subject + "'");
    require(told.path("action").asText().matches("[a-z]+"), "envelope.action: no word");
    require(told.path("externalId").isTextual(), "envelope.externalId: no text");
    require(told.path("version").isIntegralNumber(), "envelope.version: no whole number");
    if (entity instanceof ObjectNode object) {
      GIVEN_BY_THE_HUB.forEach(
          field -> require(!object.has(field), "entity." + field + ": is left to the hub"));
      canonical("entity", sample, asStored(object, told));
    } else {
      broken.add("entity: no object");
    }
  }

  private static ObjectNode asStored(ObjectNode entity, JsonNode told) {
    ObjectNode stored = entity.deepCopy();
    stored.put("id", "00000000-0000-5000-8000-000000000000").put("tenantId", "test");
    stored.put("sourceVersion", told.path("version").asLong());
    stored
        .putArray("externalRefs")
        .addObject()
        .put("system", "test")
        .put("id", told.path("externalId").asText());
    return stored;
  }

  private void canonical(String what, Sample sample, JsonNode object) {
    schemas
        .violation(sample.subject(), object)
        .ifPresent(violation -> broken.add(what + " is not canonical: " + violation));
  }

  /** Null where the system is not told. */
  private void request(Sample sample, JsonNode input, JsonNode request) {
    canonical("the sample", sample, input);
    if (!request.isNull()) {
      require(METHODS.contains(request.path("method").asText()), "method: none of " + METHODS);
      require(request.path("path").asText().startsWith("/"), "path: does not begin with /");
      require(request.path("contentType").asText().contains("/"), "contentType: no media type");
      require(request.has("body"), "body: is not there");
    }
  }

  /** Null where nothing is asked. */
  private void question(Sample sample, JsonNode input, JsonNode question) {
    canonical("the sample", sample, input);
    require(
        question.isNull() || question.path("path").asText().startsWith("/"),
        "path: does not begin with /");
  }

  private void found(JsonNode input, JsonNode answer) {
    require(input.path("status").isInt(), "the sample has no status");
    require(answer.isBoolean(), "expected true or false");
  }

  private void page(JsonNode page) {
    Stream<String> names = page.properties().stream().map(Map.Entry::getKey);
    require(names.allMatch(OF_A_PAGE::contains), "expected nothing but " + OF_A_PAGE);
    for (JsonNode found : page.path("records")) {
      require(
          envelope.apply(found).path("entity").isTextual(),
          "records: the envelope does not recognise " + found);
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }
}
