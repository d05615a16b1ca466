package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every sample of every connector gives what its expected file says, and fits the canonical model.
 *
 * <p>{@code -Dsamples.update=true} rewrites the expected files instead of comparing; the schemas
 * are checked even then.
 */
class ConnectorSamplesTest {
  private static final Path CONNECTORS = Path.of("connectors");
  private static final CanonicalSchemas SCHEMAS = new CanonicalSchemas();
  private static final FunctionLibrary FUNCTIONS = FunctionLibrary.load();

  static Stream<Path> samples() throws IOException {
    return samples("[a-z]+\\.(from|to)-erp\\..*");
  }

  static Stream<Path> pages() throws IOException {
    return samples("page\\..*");
  }

  static Stream<Path> lookups() throws IOException {
    return samples("[a-z]+\\.(lookup|found)\\..*");
  }

  @Test
  void everySampleIsOfAKnownKind() throws IOException {
    assertThat(samples(".*").toList())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(samples(), pages(), lookups()).flatMap(kind -> kind).toList());
  }

  private static Stream<Path> samples(String names) throws IOException {
    try (Stream<Path> files = Files.walk(CONNECTORS)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.getParent().endsWith("samples"))
          .filter(file -> file.getFileName().toString().matches(names))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void translatesAsExpected(Path file) throws IOException {
    Sample sample = Sample.of(file);
    JsonNode input = Payloads.read(Files.readAllBytes(file), sample.contentType());
    JsonNode actual =
        sample.direction() == Direction.FROM_ERP ? fromErp(sample, input) : toErp(sample, input);
    compare(actual, sample.expected());
  }

  private static void compare(JsonNode actual, Path expected) throws IOException {
    if (Boolean.getBoolean("samples.update")) {
      Files.createDirectories(expected.getParent());
      Files.writeString(expected, pretty(actual) + "\n");
    }
    assertThat(expected).exists();
    assertThat(pretty(actual))
        .as(expected.toString())
        .isEqualTo(pretty(Json.read(Files.readAllBytes(expected))));
  }

  /** {@code samples/page.<case>.json}: what was asked of a source, and its answer. */
  @ParameterizedTest
  @MethodSource("pages")
  void readsPagesAsExpected(Path file) throws IOException {
    Path folder = file.getParent().getParent();
    JsonNode page = mapping(folder, "page").apply(Json.read(Files.readAllBytes(file)));
    assertThat(page.properties())
        .extracting(Map.Entry::getKey)
        .isSubsetOf("records", "changedUntil", "next");
    for (JsonNode found : page.path("records")) {
      assertThat(mapping(folder, "envelope").apply(found).path("entity").asText()).isNotEmpty();
    }
    compare(page, folder.resolve("expected").resolve(file.getFileName()));
  }

  /**
   * {@code samples/<entity>.lookup.<case>.json}: a canonical object; {@code
   * samples/<entity>.found.<case>.json}: what was answered when it was asked for.
   */
  @ParameterizedTest
  @MethodSource("lookups")
  void asksAsExpected(Path file) throws IOException {
    Path folder = file.getParent().getParent();
    String[] parts = file.getFileName().toString().split("\\.");
    JsonNode input = Json.read(Files.readAllBytes(file));
    JsonNode actual = mapping(folder, parts[0] + "." + parts[1]).apply(input, codes(folder));
    if (parts[1].equals("found")) {
      assertThat(input.path("status").isInt()).as("status").isTrue();
      assertThat(actual.isBoolean()).isTrue();
    } else {
      assertThat(SCHEMAS.violation(parts[0], input)).as("the sample itself").isEmpty();
      assertThat(actual.isNull() || actual.path("path").asText().startsWith("/")).isTrue();
    }
    compare(actual, folder.resolve("expected").resolve(file.getFileName()));
  }

  private static JsonNode fromErp(Sample sample, JsonNode input) {
    JsonNode envelope = mapping(sample.folder(), "envelope").apply(input);
    assertThat(envelope.path("entity").asText()).isEqualTo(sample.entity());
    assertThat(envelope.path("action").asText()).matches("[a-z]+");
    assertThat(envelope.path("externalId").isTextual()).as("externalId is text").isTrue();
    assertThat(envelope.path("version").isIntegralNumber()).as("version is an integer").isTrue();
    JsonNode entity =
        mapping(sample.folder(), sample.mapping()).apply(input, codes(sample.folder()));
    assertThat(SCHEMAS.violation(sample.entity(), asStored(entity, envelope))).isEmpty();
    ObjectNode result = Json.mapper().createObjectNode();
    result.set("envelope", envelope);
    result.set("entity", entity);
    return result;
  }

  private static JsonNode toErp(Sample sample, JsonNode input) {
    assertThat(SCHEMAS.violation(sample.entity(), input)).as("the sample itself").isEmpty();
    JsonNode request =
        mapping(sample.folder(), sample.mapping()).apply(input, codes(sample.folder()));
    if (!request.isNull()) {
      assertThat(request.path("method").asText()).isIn("POST", "PUT", "PATCH", "DELETE");
      assertThat(request.path("path").asText()).startsWith("/");
      assertThat(request.path("contentType").asText()).contains("/");
      assertThat(request.has("body")).isTrue();
    }
    return request;
  }

  /** With the four fields that the hub adds to what a mapping gives. */
  private static ObjectNode asStored(JsonNode entity, JsonNode envelope) {
    ObjectNode stored = entity.deepCopy();
    for (String field : new String[] {"id", "tenantId", "externalRefs", "sourceVersion"}) {
      assertThat(stored.has(field)).as("the mapping leaves %s to the hub", field).isFalse();
    }
    stored.put("id", "00000000-0000-5000-8000-000000000000");
    stored.put("tenantId", "test");
    stored.put("sourceVersion", envelope.get("version").asLong());
    stored
        .putArray("externalRefs")
        .addObject()
        .put("system", "test")
        .put("id", envelope.get("externalId").asText());
    return stored;
  }

  private static JsonNode codes(Path folder) {
    return CodeTables.of(new ManifestReader().read(folder.resolve("connector.yaml")));
  }

  private static Mapping mapping(Path folder, String name) {
    return Mapping.compile(folder.resolve("mappings/" + name + ".jslt"), FUNCTIONS);
  }

  private static String pretty(JsonNode node) throws IOException {
    return new String(
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(node),
        StandardCharsets.UTF_8);
  }

  /** {@code samples/<entity>.<direction>.<case>.<json|xml>}. */
  private record Sample(Path folder, String entity, Direction direction, String name, String type) {
    static Sample of(Path file) {
      String[] parts = file.getFileName().toString().split("\\.");
      assertThat(parts).as("%s: expected <entity>.<direction>.<case>.<json|xml>", file).hasSize(4);
      Direction direction = parts[1].equals("from-erp") ? Direction.FROM_ERP : Direction.TO_ERP;
      assertThat(parts[1]).isEqualTo(direction.text());
      assertThat(parts[3]).isIn("json", "xml");
      return new Sample(file.getParent().getParent(), parts[0], direction, parts[2], parts[3]);
    }

    String mapping() {
      return entity + "." + direction.text();
    }

    String contentType() {
      return type.equals("xml") ? "text/xml" : "application/json";
    }

    Path expected() {
      return folder.resolve("expected/" + mapping() + "." + name + ".json");
    }

    @Override
    public String toString() {
      return folder.getFileName() + "/" + mapping() + "." + name;
    }
  }
}
