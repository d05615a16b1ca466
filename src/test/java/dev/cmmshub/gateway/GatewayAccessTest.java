package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets what at the gateway: every path, every caller, what is theirs and what is not. */
class GatewayAccessTest {
  private static final Pattern CODE = Pattern.compile("(?:\"code\":\"|code>)([a-z0-9-]+)");
  private static final String UNKNOWN = "10000000-0000-4000-8000-000000000001";

  @TempDir private static Path folder;
  private static TwoTenants tenants;

  /** What stands for the parameters of a path: whose, then the parameter. */
  private static final Map<String, Map<String, String>> NAMES = new HashMap<>();

  /** Whose job stands for an id of one. */
  private static final Map<String, String> JOBS = new HashMap<>();

  @BeforeAll
  static void start() throws IOException {
    tenants = new TwoTenants(folder);
    names("own", tenants.publish("mine"), tenants.object("mine"), "my-", "mine");
    names("foreign", tenants.publish("theirs"), tenants.object("theirs"), "their-", "theirs");
    names("unknown", UNKNOWN, UNKNOWN, "no-", "nobody");
    JOBS.put("own", tenants.load("mine"));
    JOBS.put("foreign", tenants.load("theirs"));
    JOBS.put("unknown", UNKNOWN);
  }

  private static void names(
      String whose, String event, String object, String systems, String hook) {
    NAMES.put(
        whose,
        Map.of(
            "{event}",
            event,
            "{id}",
            object,
            "{entity}",
            "workorder",
            "{system}",
            systems + "odoo",
            "{soap}",
            systems + "soap",
            "{token}",
            TwoTenants.hookToken(hook)));
  }

  @AfterAll
  static void end() {
    tenants.close();
  }

  /** Method and path of all that is not on the administration port, once for each version. */
  private static List<String> operations() {
    JsonNode paths =
        Json.read(
                tenants
                    .hub()
                    .send(HttpRequest.newBuilder(tenants.hub().address("/openapi.json")))
                    .body()
                    .getBytes(UTF_8))
            .get("paths");
    List<String> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (operation.getValue().has("responses") && !path.getValue().has("servers")) {
          for (String version :
              path.getKey().contains("{version}") ? "v1 v2".split(" ") : "-".split(" ")) {
            operations.add(
                operation.getKey().toUpperCase(Locale.ROOT)
                    + ' '
                    + path.getKey().replace("{version}", version));
          }
        }
      }
    }
    return operations;
  }

  private static String path(String operation, String whose) {
    String[] words = operation.split(" ");
    String path = words[1];
    if (operation.matches("GET .*/events/.*")) {
      path = path.replaceAll("\\{.*}", NAMES.get(whose).get("{event}"));
    }
    if (path.contains("/jobs/")) {
      path = path.replace("{id}", JOBS.get(whose)).replace("{action}", "cancel");
    }
    if (path.contains("/soap/")) {
      path = path.replace("{system}", NAMES.get(whose).get("{soap}"));
    }
    for (Map.Entry<String, String> name : NAMES.get(whose).entrySet()) {
      path = path.replace(name.getKey(), name.getValue());
    }
    assertThat(path).as("this test knows nothing to put there").doesNotContain("{");
    return operation.matches("GET .*/soap/.*") ? path + "?wsdl" : path;
  }

  private static HttpResponse<String> ask(String operation, String whose, String key) {
    HttpRequest.Builder request =
        TwoTenants.with(key, HttpRequest.newBuilder(tenants.hub().address(path(operation, whose))));
    try {
      if (operation.startsWith("POST")) {
        body(operation, request);
      } else {
        request.method(operation.split(" ")[0], BodyPublishers.noBody());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return tenants.hub().send(request);
  }

  private static void body(String operation, HttpRequest.Builder request) throws IOException {
    if (operation.contains("/bulk/")) {
      request
          .header("Content-Type", "application/x-ndjson")
          .POST(BodyPublishers.ofByteArray(TwoTenants.line()));
    } else if (operation.endsWith("/jobs")) {
      request
          .header("Content-Type", "application/json")
          .header("Idempotency-Key", "isolation")
          .POST(BodyPublishers.ofString("{\"system\":\"my-odoo\",\"entity\":\"workorder\"}"));
    } else if (operation.contains("/soap/")) {
      String order =
          Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
      request
          .header("Content-Type", "application/soap+xml")
          .POST(
              BodyPublishers.ofString(
                  "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
                      + order.substring(order.indexOf("?>") + 2)
                      + "</s:Body></s:Envelope>"));
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofByteArray(TwoTenants.order()));
      if (operation.contains("/v2/")) {
        request.header("ce-specversion", "1.0").header("ce-source", "/isolation");
        request.header("ce-id", UUID.randomUUID().toString()).header("ce-type", "any");
      }
    }
  }

  /** {@code yes}, or the code of the problem. */
  private static String cell(HttpResponse<String> answer) {
    if (answer.statusCode() < 300) {
      return "yes";
    }
    Matcher code = CODE.matcher(answer.body());
    return code.find() ? code.group(1) : Integer.toString(answer.statusCode());
  }

  private static String row(String operation, String whose) {
    return tenants.callers().values().stream()
        .map(key -> cell(ask(operation, whose, key)))
        .collect(Collectors.joining(" | ", "| `" + operation + "` | " + whose + " | ", " |"));
  }

  @Test
  void everyPathGivesEveryCallerWhatTheTableSays() throws IOException {
    List<String> table = new ArrayList<>();
    table.add("| request | whose | " + String.join(" | ", tenants.callers().keySet()) + " |");
    table.add("|---".repeat(tenants.callers().size() + 2) + "|");
    for (String operation : operations()) {
      table.add(row(operation, "own"));
      if (!path(operation, "own").equals(path(operation, "foreign"))) {
        table.add(row(operation, "foreign"));
      }
    }
    String printed = String.join("\n", table);
    System.out.println(printed);
    assertThat(Files.readString(Path.of("docs/security.md"))).contains(printed);
    assertThat(table.stream().filter(row -> row.contains("| foreign |")))
        .hasSizeGreaterThan(6)
        .noneMatch(
            row ->
                row.contains(" yes ")
                    && !row.contains("GET /v1/soap")
                    && !row.contains("GET /v2/soap"));
  }

  /** Nobody learns whether something is another tenant's or nobody's. */
  @Test
  void whatIsForeignIsAnsweredAsWhatThereIsNot() {
    int compared = 0;
    for (String operation : operations()) {
      if (operation.contains("{token}")
          || path(operation, "own").equals(path(operation, "foreign"))) {
        continue;
      }
      for (Map.Entry<String, String> caller : tenants.callers().entrySet()) {
        HttpResponse<String> foreign = ask(operation, "foreign", caller.getValue());
        HttpResponse<String> unknown = ask(operation, "unknown", caller.getValue());
        assertThat(same(foreign, "foreign"))
            .as(operation + " by " + caller.getKey())
            .isEqualTo(same(unknown, "unknown"));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  /** The whole answer but for the names, and for what is left of the tenant's limits. */
  private static String same(HttpResponse<String> answer, String whose) {
    Map<String, List<String>> headers = new java.util.TreeMap<>(answer.headers().map());
    headers.remove("ratelimit");
    headers.remove("RateLimit");
    headers.remove("content-length");
    String text = answer.statusCode() + " " + headers + " " + answer.body();
    for (String name : NAMES.get(whose).values()) {
      text = text.replace(name, "*");
    }
    return text;
  }

  @Test
  void listsHoldTheTenantsOwn() {
    for (String version : List.of("v1", "v2")) {
      HttpResponse<String> list =
          ask("GET /" + version + "/{entity}", "own", tenants.callers().get("read"));
      assertThat(list.body())
          .contains(NAMES.get("own").get("{id}"))
          .doesNotContain(NAMES.get("foreign").get("{id}"), "theirs");
    }
  }

  /** A hook's address is half of what proves the sender: nothing else may stand for it. */
  @Test
  void aHookTakesNoKey() {
    for (Map.Entry<String, String> caller : tenants.callers().entrySet()) {
      for (String whose : List.of("own", "foreign", "unknown")) {
        HttpResponse<String> answer = ask("POST /v1/hooks/{token}", whose, caller.getValue());
        assertThat(answer.statusCode())
            .as(whose + " by " + caller.getKey())
            .isEqualTo(whose.equals("unknown") ? 404 : 401);
      }
    }
  }
}
