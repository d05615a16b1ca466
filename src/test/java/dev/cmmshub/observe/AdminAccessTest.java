package dev.cmmshub.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what on the administration port: every path, every role. */
class AdminAccessTest {
  private static final Pattern ROUTE =
      Pattern.compile("router\\s*\\.(get|post|put|delete|patch|head|options)\\(");
  private static final TestHub HUB = TestHub.shared();

  /** Each column of the table: what it is called, and the key. */
  private static List<Map.Entry<String, String>> callers() {
    return List.of(
        Map.entry("no key", ""),
        Map.entry("viewer", HUB.admins().key(TestAdmins.VIEWER)),
        Map.entry("operator", HUB.admins().key(TestAdmins.OPERATOR)),
        Map.entry("admin", HUB.admins().key(TestAdmins.ADMIN)),
        Map.entry("a tenant's key", HUB.key("river")));
  }

  /** Method and path of everything the description of the interface has on this port. */
  private static List<String> operations() {
    JsonNode paths =
        Json.read(HUB.get("/openapi.json", "river").body().getBytes(UTF_8)).get("paths");
    List<String> operations = new ArrayList<>();
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (operation.getValue().path("tags").toString().contains("\"admin")) {
                            operations.add(
                                operation.getKey().toUpperCase(Locale.ROOT) + ' ' + path.getKey());
                          }
                        }));
    return operations;
  }

  private static HttpResponse<String> ask(String operation, String header, String key) {
    String[] words = operation.split(" ");
    String path =
        words[1]
            .replace("{run}", "6f1c1f0e-0000-4000-8000-000000000000")
            .replaceAll("\\{[a-z]+}", "nothing-of-this-name");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(HUB.adminAddress(path))
            .method(words[0], HttpRequest.BodyPublishers.noBody());
    return HUB.send(key.isEmpty() ? request : request.header(header, key));
  }

  private static String cell(String operation, String key) {
    int status = ask(operation, "X-API-Key", key).statusCode();
    return status == 401 || status == 403 ? Integer.toString(status) : "yes";
  }

  @Test
  void everyPathGivesEveryRoleWhatTheTableSays() throws IOException {
    List<String> table = new ArrayList<>();
    table.add(
        callers().stream()
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(" | ", "| request | ", " |")));
    table.add("|---|" + "---|".repeat(callers().size()));
    for (String operation : operations()) {
      table.add(
          callers().stream()
              .map(caller -> cell(operation, caller.getValue()))
              .collect(Collectors.joining(" | ", "| `" + operation + "` | ", " |")));
    }
    String printed = String.join("\n", table);
    System.out.println(printed);
    assertThat(Files.readString(Path.of("docs/security.md"))).contains(printed);
    assertThat(table.stream().filter(row -> row.contains("/admin/")))
        .isNotEmpty()
        .allMatch(row -> row.matches(".*` \\| 401 \\|.*\\| 401 \\|"));
  }

  @Test
  void everyPathIsInTheDescriptionOfTheInterface() throws IOException {
    int routes = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/cmmshub/observe"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        routes += (int) ROUTE.matcher(Files.readString(file)).results().count();
      }
    }
    assertThat(operations()).hasSize(routes);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /admin/v1/config, operator, 403",
    "PUT /admin/v1/config/rollback, operator, 403",
    "POST /admin/v1/dead-letters/../config, operator, 403",
    "POST /admin/v1/dead-letters/%2e%2e/config, operator, 403",
    "POST /admin/v1//config, operator, 403",
    "POST /admin/v1/something-new, operator, 403",
    "POST /admin/v1/config, viewer, 403",
    "GET /admin/v1/config, '', 401",
    "POST /admin/v1/something-new, admin, 404",
    "GET /admin/v1/something-new, viewer, 404",
    "GET /admin, '', 401",
    "GET //admin/v1/audit, '', 401",
    "GET /q/../admin/v1/audit, '', 401",
  })
  void whatIsNotAnOperatorsNeedsAnAdmin(String operation, String role, int status) {
    String key =
        callers().stream()
            .filter(caller -> caller.getKey().equals(role))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    assertThat(ask(operation, "X-API-Key", key).statusCode()).isEqualTo(status);
  }

  @Test
  void aRefusalSaysWhyAndIsCounted() {
    double before = rejected("unauthorized");
    HttpResponse<String> none = ask("GET /admin/v1/audit", "", "");
    assertThat(none.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(none.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
    assertThat(none.body()).contains("\"code\":\"unauthorized\"", "X-API-Key");
    assertThat(rejected("unauthorized")).isGreaterThanOrEqualTo(before + 1);

    before = rejected("forbidden");
    HttpResponse<String> viewer =
        ask(
            "POST /admin/v1/dead-letters/replay",
            "Authorization",
            "Bearer " + HUB.admins().key(TestAdmins.VIEWER));
    assertThat(viewer.statusCode()).isEqualTo(403);
    assertThat(viewer.body())
        .contains("\"code\":\"forbidden\"", "'vera' is viewer: this needs operator");
    assertThat(rejected("forbidden")).isGreaterThanOrEqualTo(before + 1);
  }

  private static double rejected(String code) {
    String sample = "hub_admin_rejected_total{code=\"" + code + "\"} ";
    return HUB.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
        .sum();
  }

  @Test
  void anAdminsKeyIsWorthNothingAtTheGateway() {
    for (String who : List.of(TestAdmins.VIEWER, TestAdmins.OPERATOR, TestAdmins.ADMIN)) {
      HttpResponse<String> answer =
          HUB.send(
              HttpRequest.newBuilder(HUB.address("/v1/workorder"))
                  .header("X-API-Key", HUB.admins().key(who)));
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  /** Its parts would be read as fields, and the document lost. */
  @Test
  void aFormIsNoDocument() {
    HttpResponse<String> answer =
        TestHub.shared()
            .send(
                TestHub.shared()
                    .adminRequest(dev.cmmshub.TestAdmins.ADMIN, "/admin/v1/config/plan")
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "--x\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n{}\r\n--x--\r\n")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("no form");
  }
}
