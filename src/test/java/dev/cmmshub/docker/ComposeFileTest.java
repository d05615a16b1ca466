package dev.cmmshub.docker;

import static dev.cmmshub.docker.Commands.run;
import static dev.cmmshub.docker.Commands.works;
import static dev.cmmshub.docker.Compose.DOCKER;
import static dev.cmmshub.docker.Compose.names;
import static dev.cmmshub.docker.Compose.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be checked of docker/compose.yaml without a container engine. */
class ComposeFileTest {
  private static final String SECRETS = "/run/secrets/";

  /** Their programs write beside themselves: configuration, keystores. */
  private static final Set<String> WRITES_ITS_ROOT =
      Set.of("kafka-1", "kafka-2", "kafka-3", "elasticsearch", "logstash", "kibana");

  private final Compose compose = new Compose();
  private final JsonNode services = compose.services;

  ComposeFileTest() throws IOException {}

  /** By the schema that Compose itself uses. */
  @Test
  void theSpecificationKnowsEveryField() throws IOException {
    ObjectNode specification =
        (ObjectNode)
            Json.read(Files.readAllBytes(Path.of("src/test/resources/compose/compose-spec.json")));
    // Its own is no address, which the validator wants.
    specification.put("$id", "https://compose-spec.example/schema.json");
    JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(specification);
    assertThat(schema.validate(compose.file)).isEmpty();
    JsonNode wrong = compose.file.deepCopy();
    ((ObjectNode) wrong.at("/services/proxy")).put("mem_limits", "1g");
    assertThat(schema.validate(wrong)).singleElement().asString().contains("mem_limits");
  }

  @Test
  void composeAcceptsTheFile() throws Exception {
    assumeTrue(
        works("docker compose version"),
        "docker compose is not installed: compose.yaml not checked by it");
    run(DOCKER, "docker", "compose", "-f", "compose.yaml", "config", "--quiet");
  }

  @Test
  void everyServiceHasOneProfileAndAPlainUpIsUseful() throws IOException {
    Map<String, Set<String>> profiles = compose.profiles();
    assertThat(profiles.keySet()).containsExactly("batch", "core", "logging", "monitoring");
    assertThat(profiles.values().stream().mapToInt(Set::size).sum()).isEqualTo(services.size());
    assertThat(Files.readString(DOCKER.resolve(".env")))
        .contains("\nCOMPOSE_PROFILES=core,monitoring\n");
    profiles.forEach(
        (profile, members) ->
            members.forEach(
                name ->
                    assertThat(members)
                        .as(name)
                        .containsAll(names(services.get(name).path("depends_on")))));
  }

  @Test
  void everyServiceIsPinnedBoundedAndWatched() {
    for (String name : names(services)) {
      JsonNode service = services.get(name);
      String image = service.path("image").asText();
      assertThat(image).matches("[a-z0-9./-]+:v?[0-9]+[.][0-9].*");
      assertThat(service.path("mem_limit").asText()).as(name).matches("[0-9]+m");
      // What runs once is waited for until it has ended well; the hub's check is in its image.
      boolean once = service.path("restart").asText().equals("no");
      boolean hub = image.startsWith("cmms-hub:");
      assertThat(service.has("healthcheck") || once || hub).as(name).isTrue();
      for (String needed : names(service.path("depends_on"))) {
        boolean ends = services.at("/" + needed + "/restart").asText().equals("no");
        assertThat(service.at("/depends_on/" + needed + "/condition").asText())
            .isEqualTo(ends ? "service_completed_successfully" : "service_healthy");
      }
    }
  }

  @Test
  void everyServiceMayDoAsLittleAsItCan() {
    for (String name : names(services)) {
      JsonNode service = services.get(name);
      assertThat(texts(service.path("cap_drop"))).as(name).containsExactly("ALL");
      assertThat(service.has("cap_add")).as(name).isEqualTo(name.startsWith("postgres-"));
      assertThat(service.path("read_only").asBoolean())
          .as(name)
          .isNotEqualTo(WRITES_ITS_ROOT.contains(name));
      assertThat(texts(service.path("security_opt"))).containsExactly("no-new-privileges:true");
      assertThat(service.has("privileged")).isFalse();
    }
  }

  @Test
  void onlyTheProxyIsReachedFromElsewhereAndOnlyNodesReachServers() {
    for (String name : names(services)) {
      List<String> networks = texts(services.get(name).path("networks"));
      assertThat(networks).as(name).isNotEmpty();
      boolean node = name.startsWith("hub-");
      boolean server = name.matches("(kafka-.|postgres-.|redis)");
      assertThat(networks.contains("servers")).as(name).isEqualTo(node || server);
      boolean broker = name.startsWith("kafka-");
      assertThat(server && networks.size() > (broker ? 2 : 1)).as(name).isFalse();
      // Airflow reaches the event queue, and neither shards nor Redis.
      assertThat(networks.contains("queue"))
          .as(name)
          .isEqualTo(broker || Set.of("airflow-scheduler", "airflow-triggerer").contains(name));
      assertThat(networks.contains("gateway")).as(name).isEqualTo(node || name.equals("proxy"));
      assertThat(texts(services.get(name).path("ports")))
          .as(name)
          .allMatch(
              port ->
                  name.equals("proxy") ? port.equals("8080:8080") : port.startsWith("127.0.0.1:"));
    }
    for (String inside :
        List.of("gateway", "servers", "scrape", "logs", "batch", "load", "queue")) {
      assertThat(compose.file.at("/networks/" + inside + "/internal").asBoolean()).isTrue();
    }
  }

  @Test
  void everySecretVolumeAndNetworkIsDeclaredAndUsed() {
    for (String kind : List.of("secrets", "networks", "volumes")) {
      Set<String> used = new TreeSet<>();
      services.forEach(service -> used.addAll(texts(service.path(kind))));
      // A file or folder that is there may be read; what stays must be declared.
      used.removeIf(
          name -> name.endsWith(":ro") && Files.exists(DOCKER.resolve(name.split(":")[0])));
      assertThat(used.stream().map(name -> name.split(":")[0]).distinct())
          .as(kind)
          .containsExactlyInAnyOrderElementsOf(names(compose.file.get(kind)));
    }
  }

  @Test
  void secretsAreMadeAtRandomOnceAndNeverCommitted(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("make-secrets.sh");
    Files.copy(DOCKER.resolve("make-secrets.sh"), script);
    Path made = Files.createDirectory(folder.resolve("secrets"));
    Set<String> names = names(compose.file.get("secrets"));
    Set<String> seen = new TreeSet<>();
    for (int times = 0; times < 2; times++) {
      run(folder, "sh", script.toString());
      for (String name : names) {
        assertThat(compose.file.at("/secrets/" + name + "/file").asText())
            .endsWith("/secrets/" + name);
        assertThat(made.resolve(name)).content().matches("[0-9a-f]{48}");
        seen.add(Files.readString(made.resolve(name)));
      }
    }
    assertThat(seen).hasSameSizeAs(names);
    assertThat(made.toFile().list()).hasSameSizeAs(names);
    assertThat(Files.readString(DOCKER.resolve("secrets/README.example"))).contains(names);
    assertThat(Path.of(".gitignore")).content().contains("\n/docker/secrets/*\n");
  }

  @Test
  void passwordsComeFromSecretsTheServiceHas() {
    for (JsonNode service : services) {
      List<String> files = texts(service.path("secrets")).stream().map(SECRETS::concat).toList();
      JsonNode environment = service.path("environment");
      for (String name : names(environment)) {
        assertThat(files.contains(environment.get(name).asText()))
            .as(name)
            .isEqualTo(name.contains("PASSWORD") || name.matches(".*_(SECRET|KEY)_FILE"));
      }
    }
  }
}
