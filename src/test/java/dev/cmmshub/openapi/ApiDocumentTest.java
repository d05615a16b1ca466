package dev.cmmshub.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The OpenAPI document in itself. */
class ApiDocumentTest {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final ApiDocument DOCUMENT = ApiDocument.served();

  private static Stream<Operation> operations() {
    return Stream.of(false, true).flatMap(DOCUMENT::operations);
  }

  /** The object itself and all below it. */
  private static List<Place> all() {
    List<Place> places = new ArrayList<>(List.of(DOCUMENT.root()));
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      place
          .node()
          .properties()
          .forEach(
              member ->
                  places.add(
                      new Place(
                          place.document(), place.pointer().appendProperty(member.getKey()))));
      for (int j = 0; place.node().isArray() && j < place.node().size(); j++) {
        places.add(new Place(place.document(), place.pointer().appendIndex(j)));
      }
    }
    return places;
  }

  @Test
  void itIsOpenApi31() throws IOException {
    JsonSchema schema =
        SCHEMAS.getSchema(
            Json.read(Files.readAllBytes(Path.of("src/test/resources/openapi/schema-3.1.json"))));
    assertThat(schema.validate(DOCUMENT.json())).isEmpty();
    assertThat(schema.validate(Json.read("{\"openapi\": \"3.1.0\"}".getBytes(UTF_8)))).isNotEmpty();
  }

  @Test
  void everySchemaIsJsonSchema202012() {
    JsonSchema meta =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    List<Place> schemas =
        all().stream()
            .filter(place -> place.pointer().toString().matches("(?!.*/example/).*/schema"))
            .toList();
    assertThat(schemas).hasSizeGreaterThan(50);
    Stream.concat(
            schemas.stream(),
            DOCUMENT.root().child("components", "schemas").members().stream()
                .map(java.util.Map.Entry::getValue))
        .forEach(
            place -> assertThat(meta.validate(place.node())).as(place.pointer() + "").isEmpty());
  }

  @Test
  void everyExampleFitsItsSchema() {
    Schemas schemas = new Schemas();
    int examples = 0;
    for (Place place : all()) {
      JsonNode example = place.node().path("example");
      Place schema = place.child("schema");
      if (!example.isMissingNode() && schema.isThere()) {
        examples++;
        List<String> mistakes =
            example.isTextual()
                ? schemas.mistakes(schema, example.asText())
                : schemas.mistakes(schema, example);
        assertThat(mistakes).as(place.pointer() + "").isEmpty();
      }
    }
    assertThat(examples).isGreaterThan(40);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    for (Place place : all()) {
      JsonNode reference = place.node().path("$ref");
      if (reference.isTextual()) {
        assertThat(reference.asText()).startsWith("#/");
        assertThat(DOCUMENT.json().at(reference.asText().substring(1)).isMissingNode())
            .as(reference.asText())
            .isFalse();
      }
    }
  }

  @Test
  void everyOperationHasAnIdOfItsOwnAndItsPathsParameters() {
    assertThat(operations().map(one -> one.place().node().path("operationId").asText()))
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .doesNotContain("");
    operations()
        .forEach(
            one ->
                assertThat(
                        one.parameters("path").stream()
                            .map(parameter -> '{' + parameter.node().path("name").asText() + '}'))
                    .as(one.toString())
                    .containsExactlyInAnyOrderElementsOf(
                        Stream.of(one.path().split("/")).filter(s -> s.startsWith("{")).toList()));
  }

  @Test
  void everyRouteIsDescribed() throws IOException {
    int routes = 0;
    for (JsonNode part :
        new YAMLMapper().readTree(Path.of("routes/1-gateway.camel.yaml").toFile())) {
      String uri = part.at("/route/from/uri").asText();
      if (uri.startsWith("platform-http:")) {
        routes++;
        String path = uri.substring("platform-http:".length()).replaceAll("[{}]", "");
        String method = part.at("/route/from/parameters/httpMethodRestrict").asText();
        assertThat(DOCUMENT.find(false, method, path).filter(Operation::isDescribed))
            .as(method + ' ' + path)
            .isPresent();
      }
    }
    assertThat(routes).isGreaterThan(6);
  }
}
