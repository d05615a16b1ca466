package dev.cmmshub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The conventions of {@code routes/}, held for every route and every step. */
class RoutesTest {
  private static final Path FOLDER = Path.of("routes");

  record Route(Path file, JsonNode node) {
    String text(String field) {
      return node.path(field).asText();
    }

    @Override
    public String toString() {
      return file.getFileName() + " " + text("id");
    }
  }

  private static List<Route> all(String kind) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    List<Route> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode node : yaml.readTree(Files.readAllBytes(file))) {
          if (node.has(kind)) {
            found.add(new Route(file, node.get(kind)));
          }
        }
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  static List<Route> routes() throws IOException {
    return all("route");
  }

  static List<Route> policies() throws IOException {
    return all("routeConfiguration");
  }

  static Stream<Route> ingresses() throws IOException {
    return routes().stream().filter(route -> uri(route.node()).startsWith("platform-http:"));
  }

  private static String uri(JsonNode route) {
    return route.path("from").path("uri").asText();
  }

  @Test
  void aFileIsAStepWithANumber() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files)
          .isNotEmpty()
          .allMatch(file -> file.getFileName().toString().matches("[0-9]-[a-z-]+\\.camel\\.yaml"));
    }
  }

  @ParameterizedTest
  @MethodSource({"routes", "policies"})
  void hasANameAndSaysWhatItDoes(Route route) {
    assertThat(route.text("id")).matches("[a-z]+(-[a-z]+)*");
    assertThat(route.text("description")).hasSizeBetween(15, 100).doesNotContain("\n");
  }

  @Test
  void namesAreUsedOnce() throws IOException {
    assertThat(routes()).extracting(route -> route.text("id")).doesNotHaveDuplicates();
    assertThat(policies()).extracting(policy -> policy.text("id")).doesNotHaveDuplicates();
  }

  @Test
  void everyRouteHasAPolicyAndEveryPolicyARoute() throws IOException {
    assertThat(routes().stream().map(route -> route.text("routeConfigurationId")).distinct())
        .containsExactlyInAnyOrderElementsOf(
            policies().stream().map(policy -> policy.text("id")).toList());
  }

  @Test
  void policiesAreInAFileOfTheirOwn() throws IOException {
    assertThat(policies())
        .allMatch(policy -> policy.file().getFileName().toString().startsWith("0-"));
    assertThat(routes()).noneMatch(route -> route.file().getFileName().toString().startsWith("0-"));
  }

  /** Parameters are written one a line, where a diff shows them. */
  @ParameterizedTest
  @MethodSource("routes")
  void noAddressHoldsAQuery(Route route) {
    assertThat(values(route.node(), "uri"))
        .isNotEmpty()
        .allSatisfy(
            uri -> {
              assertThat(uri.isTextual()).as("%s", uri).isTrue();
              assertThat(uri.asText()).matches("[a-z-]+:.+").doesNotContain("?");
            });
    for (String step : List.of("to", "toD", "wireTap", "enrich", "pollEnrich")) {
      assertThat(values(route.node(), step)).allMatch(to -> to.has("uri"));
    }
  }

  @ParameterizedTest
  @MethodSource("ingresses")
  void whatTheCallerSentIsStrippedFirst(Route route) {
    JsonNode first = route.node().path("from").path("steps").path(0).path("bean");
    assertThat(first.path("ref").asText()).isEqualTo("ingress");
    assertThat(first.path("method").asText()).isEqualTo("keepAllowed");
    assertThat(route.node().path("from").path("parameters").path("httpMethodRestrict").asText())
        .as("answers one method")
        .matches("GET|POST|PUT|DELETE");
  }

  /** Without a method's name Camel would choose one by the body's type. */
  @ParameterizedTest
  @MethodSource({"routes", "policies"})
  void beansAreNamedWithTheirMethod(Route route) {
    assertThat(values(route.node(), "bean"))
        .allSatisfy(
            bean -> {
              assertThat(bean.path("ref").asText()).matches("[a-z][A-Za-z]+");
              assertThat(bean.path("method").asText()).matches("[a-z][A-Za-z]+");
              assertThat(bean).hasSize(2);
            });
  }

  /** A name that nobody binds would be told at the start; a method only at the first event. */
  @Test
  void everyMethodExists() throws IOException {
    String hub =
        Files.readString(Path.of("src/main/java/dev/cmmshub/Steps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/GatewaySteps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/NotifySteps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/PollSteps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/ThrottleSteps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/BulkSteps.java"))
            + Files.readString(Path.of("src/main/java/dev/cmmshub/ScheduleSteps.java"));
    for (Route route : routes()) {
      for (JsonNode bean : values(route.node(), "bean")) {
        assertThat(hub).contains("\"" + bean.path("ref").asText() + "\"");
        assertThat(sourceOf(bean.path("ref").asText()))
            .as("%s: %s", route, bean)
            .containsPattern("public \\S+ " + bean.path("method").asText() + "\\(");
      }
    }
  }

  private static String sourceOf(String bean) throws IOException {
    String name = Character.toUpperCase(bean.charAt(0)) + bean.substring(1) + ".java";
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return Files.readString(
          files
              .filter(file -> file.getFileName().toString().equals(name))
              .findFirst()
              .orElseThrow());
    }
  }

  private static List<JsonNode> values(JsonNode node, String field) {
    return node.findValues(field);
  }
}
