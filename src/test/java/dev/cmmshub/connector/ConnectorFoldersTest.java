package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every folder below {@code connectors/} promises to whoever reads or starts it. */
class ConnectorFoldersTest {
  private static final Path CONNECTORS = Path.of("connectors");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern PARAMETER = Pattern.compile("\\{\\{\\??(\\w+)}}");

  static Stream<Connector> connectors() {
    return new ConnectorFolders().read(CONNECTORS).values().stream();
  }

  static Stream<Path> kamelets() throws IOException {
    return find(CONNECTORS, ".*\\.kamelet\\.yaml").stream();
  }

  @Test
  void everyFolderHasAManifestThatFitsItsSchema() throws IOException {
    try (Stream<Path> folders = Files.list(CONNECTORS).filter(Files::isDirectory)) {
      Set<String> names = folders.map(f -> f.getFileName().toString()).collect(sorted());
      assertThat(new ConnectorFolders().read(CONNECTORS).keySet()).isEqualTo(names);
    }
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void declaresExactlyTheMappingsItHas(Connector connector) throws IOException {
    Set<String> declared = new TreeSet<>();
    connector
        .entities()
        .keySet()
        .forEach(
            entity -> {
              for (Direction direction : Direction.values()) {
                connector
                    .mapping(entity, direction)
                    .ifPresent(file -> declared.add(file.getFileName().toString()));
              }
              connector
                  .lookup(entity)
                  .ifPresent(
                      lookup -> {
                        declared.add(lookup.request().getFileName().toString());
                        declared.add(lookup.found().getFileName().toString());
                      });
            });
    declared.add(connector.envelope().getFileName().toString());
    connector.source().ifPresent(source -> declared.add(source.page().getFileName().toString()));
    assertThat(names(connector.folder().resolve("mappings"))).isEqualTo(declared);
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void everyMappingHasTwoSamplesAndEverySampleAnExpectedFile(Connector connector)
      throws IOException {
    Set<String> samples = names(connector.folder().resolve("samples"));
    for (String mapping : names(connector.folder().resolve("mappings"))) {
      String stem = mapping.replace(".jslt", "");
      if (!stem.equals("envelope")) {
        assertThat(samples)
            .as("samples of %s", mapping)
            .filteredOn(name -> name.startsWith(stem + "."))
            .hasSizeGreaterThanOrEqualTo(2);
      }
    }
    assertThat(names(connector.folder().resolve("expected")))
        .isEqualTo(
            samples.stream()
                .map(name -> name.replaceFirst("\\.(json|xml)$", ".json"))
                .collect(sorted()));
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void explainsItselfAndContainsNoJava(Connector connector) throws IOException {
    assertThat(connector.folder().resolve("README.md")).exists();
    assertThat(find(connector.folder(), ".*\\.(java|class|jar|groovy|js)")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void mappingsCalculateWithDecimals(Connector connector) throws IOException {
    for (Path mapping : find(connector.folder(), ".*\\.jslt")) {
      String code =
          Files.readString(mapping)
              .replaceAll("(?m)//.*$", "")
              .replaceAll("\"[^\"]*\"", "")
              .replaceAll("\\* - [^:]*:", "");
      assertThat(code)
          .as("%s: use subtract, multiply, divide", mapping)
          .doesNotContain(" - ")
          .doesNotContain(" * ")
          .doesNotContain(" / ");
    }
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void namedKameletsExistAndBeginWithTheConnectorsName(Connector connector) throws IOException {
    Set<String> kamelets =
        find(connector.folder(), ".*\\.kamelet\\.yaml").stream()
            .map(file -> file.getFileName().toString().replace(".kamelet.yaml", ""))
            .collect(sorted());
    assertThat(kamelets).allMatch(name -> name.matches(connector.name() + "-(sink|source)"));
    Set<String> sinks = kamelets.stream().filter(name -> name.endsWith("-sink")).collect(sorted());
    assertThat(connector.sink().stream().collect(sorted())).isEqualTo(sinks);
    assertThat(connector.source().map(Connector.Source::kamelet).stream())
        .containsExactlyElementsOf(
            kamelets.stream().filter(name -> name.endsWith("-source")).toList());
    boolean writes = connector.entities().values().stream().anyMatch(Connector.Directions::toErp);
    assertThat(connector.sink().isPresent()).as("a sink for what it writes").isEqualTo(writes);
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void kameletsUseWhatTheyDeclareAndDescribeIt(Path file) throws IOException {
    String text = Files.readString(file);
    JsonNode kamelet = YAML.readTree(text);
    String name = file.getFileName().toString().replace(".kamelet.yaml", "");
    assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(name);
    assertThat(kamelet.at("/metadata/labels").path("camel.apache.org/kamelet.type").asText())
        .isEqualTo(name.substring(name.lastIndexOf('-') + 1));
    JsonNode declared = kamelet.at("/spec/definition/properties");
    Set<String> names = new TreeSet<>();
    declared
        .properties()
        .forEach(
            property -> {
              names.add(property.getKey());
              assertThat(property.getValue().path("title").asText())
                  .as(property.getKey())
                  .isNotBlank();
              assertThat(property.getValue().path("description").asText())
                  .as("description of %s", property.getKey())
                  .endsWith(".");
            });
    assertThat(used(kamelet.at("/spec/template"))).isEqualTo(names);
    kamelet
        .at("/spec/definition/required")
        .forEach(required -> assertThat(names).contains(required.asText()));
  }

  /** Each call of a Kamelet, so that redirects and the hub's own network are out of reach. */
  @ParameterizedTest
  @MethodSource("kamelets")
  void everyCallSaysForWhomItIsAndFollowsNoRedirect(Path file) throws IOException {
    JsonNode template = YAML.readTree(Files.readAllBytes(file)).at("/spec/template");
    List<JsonNode> calls =
        Stream.of("to", "toD", "enrich", "poll", "pollEnrich", "wireTap")
            .flatMap(step -> template.findValues(step).stream())
            .filter(call -> !call.path("uri").asText().equals("kamelet:sink"))
            .toList();
    assertThat(calls).isNotEmpty();
    for (JsonNode call : calls) {
      assertThat(call.path("uri").asText()).isEqualTo("{{baseUrl}}");
      JsonNode parameters = call.path("parameters");
      assertThat(parameters.path("httpClientConfigurer").asText()).isEqualTo("{{?egress}}");
      assertThat(parameters.path("followRedirects").asText()).isEqualTo("false");
      assertThat(parameters.path("bridgeEndpoint").asText()).isEqualTo("true");
    }
  }

  @Test
  void whatTheHubSetsNoTenantCan() {
    ConnectorFolders.kinds(new ConnectorFolders().read(CONNECTORS))
        .forEach(
            (name, kind) ->
                assertThat(kind.parameters().orElseThrow())
                    .as(name)
                    .doesNotContain("egress", "poll"));
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void resourcesGiveParametersThatTheSourceHas(Connector connector) throws IOException {
    for (Map.Entry<String, Map<String, String>> resource :
        connector.source().map(Connector.Source::resources).orElse(Map.of()).entrySet()) {
      JsonNode kamelet =
          YAML.readTree(
              Files.readAllBytes(
                  connector
                      .folder()
                      .resolve(connector.source().get().kamelet() + ".kamelet.yaml")));
      assertThat(kamelet.at("/spec/definition/properties").properties())
          .extracting(Map.Entry::getKey)
          .as(resource.getKey())
          .contains("poll")
          .containsAll(resource.getValue().keySet());
      assertThat(resource.getValue()).containsKey("limit").doesNotContainKey("poll");
    }
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void secretsAreDeclaredAsSuch(Path file) throws IOException {
    YAML.readTree(Files.readAllBytes(file)).at("/spec/definition/properties").properties().stream()
        .filter(p -> p.getKey().matches("(?i).*(password|secret|apiKey|apiToken)"))
        .forEach(
            p ->
                assertThat(p.getValue().path("format").asText())
                    .as("%s of %s", p.getKey(), file)
                    .isEqualTo("password"));
  }

  @Test
  void soapSamplesFitTheSchemaThatSendersGet() throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    Path folder = CONNECTORS.resolve("generic-soap");
    Schema schema = factory.newSchema(folder.resolve("maintenance-events.xsd").toFile());
    Set<Path> samples = find(folder.resolve("samples"), ".*\\.xml");
    assertThat(samples).isNotEmpty();
    for (Path sample : samples) {
      assertThatCode(() -> schema.newValidator().validate(new StreamSource(sample.toFile())))
          .as(sample.toString())
          .doesNotThrowAnyException();
    }
  }

  /** Parameters named in the template, without its local beans. */
  private static Set<String> used(JsonNode template) {
    Set<String> beans = new TreeSet<>();
    template.path("beans").forEach(bean -> beans.add(bean.path("name").asText()));
    Matcher matcher = PARAMETER.matcher(template.toString());
    Set<String> used = new TreeSet<>();
    while (matcher.find()) {
      used.add(matcher.group(1));
    }
    used.removeAll(beans);
    return used;
  }

  private static Set<String> names(Path folder) throws IOException {
    return find(folder, ".*").stream().map(f -> f.getFileName().toString()).collect(sorted());
  }

  private static Set<Path> find(Path folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches(pattern))
          .collect(sorted());
    }
  }

  private static <T> Collector<T, ?, Set<T>> sorted() {
    return Collectors.toCollection(TreeSet::new);
  }
}
