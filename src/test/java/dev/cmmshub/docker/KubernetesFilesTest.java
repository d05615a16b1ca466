package dev.cmmshub.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.cmmshub.Backends;
import dev.cmmshub.HubSettings;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What can be checked of docker/kubernetes without a cluster. */
class KubernetesFilesTest {
  private static final Path BASE = Path.of("docker/kubernetes/base");

  /** What the API takes under a name and version: its own models know every field. */
  private interface Model {
    void check(JsonElement object) throws IOException;
  }

  private static final Map<String, Model> MODELS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "v1 ServiceAccount", V1ServiceAccount::validateJsonElement);

  private final Map<String, JsonNode> objects = new TreeMap<>();
  private final JsonNode kustomization = read(BASE.resolve("kustomization.yaml")).get(0);

  KubernetesFilesTest() throws IOException {
    for (JsonNode file : kustomization.get("resources")) {
      for (JsonNode object : read(BASE.resolve(file.asText()))) {
        objects.put(
            object.get("kind").asText() + '/' + object.at("/metadata/name").asText(), object);
      }
    }
  }

  private static List<JsonNode> read(Path file) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(Files.readString(file))) {
      documents.add(Json.mapper().valueToTree(document));
    }
    return documents;
  }

  private JsonNode pod() {
    return objects.get("Deployment/hub").at("/spec/template");
  }

  private JsonNode hub() {
    return pod().at("/spec/containers/0");
  }

  private static void check(JsonNode object) throws IOException {
    String type = object.get("apiVersion").asText() + ' ' + object.get("kind").asText();
    assertThat(MODELS).containsKey(type);
    MODELS.get(type).check(JsonParser.parseString(object.toString()));
  }

  @Test
  void theApiKnowsEveryField() throws IOException {
    assertThat(objects).hasSize(7);
    for (JsonNode object : objects.values()) {
      check(object);
    }
    JsonNode wrong = objects.get("Deployment/hub").deepCopy();
    ((ObjectNode) wrong.at("/spec/template/spec/containers/0")).put("imagePullPolice", "Always");
    assertThatThrownBy(() -> check(wrong)).hasMessageContaining("imagePullPolice");
  }

  @Test
  void everyFileIsUsedAndThere() throws IOException {
    List<String> used = new ArrayList<>();
    kustomization.get("resources").forEach(file -> used.add(file.asText()));
    for (JsonNode map : kustomization.get("configMapGenerator")) {
      Stream.of("envs", "files").forEach(kind -> map.path(kind).forEach(f -> used.add(f.asText())));
    }
    used.add("kustomization.yaml");
    try (Stream<Path> there = Files.list(BASE)) {
      assertThat(there.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(used);
    }
  }

  private static Map<String, String> texts(JsonNode object) {
    return Json.mapper().convertValue(object, new TypeReference<TreeMap<String, String>>() {});
  }

  @Test
  void everySelectorFindsTheHubsPods() {
    Map<String, String> labels = texts(pod().at("/metadata/labels"));
    for (String where :
        List.of(
            "Deployment/hub /spec/selector/matchLabels",
            "Service/hub /spec/selector",
            "Service/hub-admin /spec/selector",
            "PodDisruptionBudget/hub /spec/selector/matchLabels",
            "NetworkPolicy/hub /spec/podSelector/matchLabels")) {
      String[] words = where.split(" ");
      Map<String, String> selected = texts(objects.get(words[0]).at(words[1]));
      assertThat(selected).as(where).isNotEmpty();
      assertThat(labels).as(where).containsAllEntriesOf(selected);
    }
    assertThat(objects.get("HorizontalPodAutoscaler/hub").at("/spec/scaleTargetRef/name").asText())
        .isEqualTo("hub");
    assertThat(pod().at("/spec/serviceAccountName").asText()).isEqualTo("hub");
  }

  @Test
  void everyPortIsOneOfTheHub() {
    List<String> ports = hub().get("ports").findValuesAsText("name");
    for (String service : List.of("Service/hub", "Service/hub-admin")) {
      assertThat(ports)
          .containsAll(objects.get(service).at("/spec/ports").findValuesAsText("targetPort"));
    }
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(ports).contains(hub().get(probe).at("/httpGet/port").asText());
    }
    objects.get("NetworkPolicy/hub").at("/spec/ingress").findValuesAsText("port").stream()
        .forEach(port -> assertThat(ports).contains(port));
  }

  @Test
  void theHubUnderstandsItsSettings(@TempDir Path secrets) throws IOException {
    Map<String, String> environment = new TreeMap<>();
    for (String line : Files.readAllLines(BASE.resolve("settings.env"))) {
      String[] parts = line.split("=", 2);
      environment.put(parts[0], parts[1].replace("/run/secrets/cmms-hub", secrets.toString()));
    }
    for (String name :
        List.of("shard-a-owner", "shard-a-service", "shard-b-owner", "shard-b-service", "redis")) {
      Files.writeString(secrets.resolve(name), "of " + name);
    }
    HubSettings settings = HubSettings.load(Path.of("none"), environment, Map.of());
    Backends backends = settings.external();
    assertThat(backends.shards()).hasSize(2);
    assertThat(backends.redisPassword().value()).isEqualTo("of redis");
    assertThat(settings.number("hub.http.port"))
        .isEqualTo(hub().at("/ports/0/containerPort").asInt());
    assertThat(settings.number("hub.admin.port"))
        .isEqualTo(hub().at("/ports/1/containerPort").asInt());
    assertThat(settings.number("hub.nodes"))
        .isEqualTo(objects.get("Deployment/hub").at("/spec/replicas").asInt());
    List<String> mounts = hub().get("volumeMounts").findValuesAsText("mountPath");
    assertThat(mounts)
        .contains(
            Path.of(settings.text("hub.tenants.file")).getParent().toString(),
            settings.text("hub.data.directory"),
            "/run/secrets/cmms-hub");
    List<String> volumes = new ArrayList<>();
    pod().at("/spec/volumes").forEach(volume -> volumes.add(volume.get("name").asText()));
    assertThat(hub().get("volumeMounts").findValuesAsText("name"))
        .containsExactlyInAnyOrderElementsOf(volumes);
  }

  @Test
  void tenantsYamlIsOne() {
    assertThat(
            new TenantsFile(TenantsBuilder.dry(Optional.empty(), Map.of()))
                .read(BASE.resolve("tenants.yaml"))
                .all())
        .isEmpty();
  }

  @Test
  void podsRunWithNothingTheyDoNotNeed() {
    assertThat(pod().at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod().at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(hub().at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(hub().at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(hub().at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(hub().at("/resources/limits/memory").asText()).isNotEmpty();
  }
}
