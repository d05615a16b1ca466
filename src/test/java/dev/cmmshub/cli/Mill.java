package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.Hooks;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A hub with two tenants whose mapping can be broken and mended, and the command line that asks it.
 */
final class Mill implements AutoCloseable {
  /** What the mapping refuses until it is mended. */
  static final String BAD_PRIORITY = "X";

  private static final String TENANTS =
      """
        mill:
          shard: a
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%1$s"}]
          systems: {sap: {connector: sap-s4hana}}
          mappings: {sap/workorder.from-erp: "%3$s"}
        mine:
          shard: a
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%2$s"}]
          systems: {sap: {connector: sap-s4hana}}
          mappings: {sap/workorder.from-erp: "%3$s"}
        quay:
          shard: b
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%4$s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions:
            - {to: "%5$s", events: ["*"], secret: "{{file:%6$s}}"}
            - {id: again, to: "%5$s", events: ["*"], secret: "{{file:%6$s}}"}
      """;
  private static final Path MAPPING =
      Path.of("connectors/sap-s4hana/mappings/workorder.from-erp.jslt");
  private static final Path SAMPLE =
      Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json");

  private final String millKey = "mill-" + UUID.randomUUID();
  private final String mineKey = "mine-" + UUID.randomUUID();
  private final String quayKey = "quay-" + UUID.randomUUID();
  private final Hooks hooks = new Hooks();
  private final Path folder;
  private final Path mapping;
  private final TestHub hub;

  Mill() {
    try {
      folder = Files.createTempDirectory("mill");
      mapping = folder.resolve("workorder.jslt");
      breakMapping();
      hub =
          TestHub.with(
              TENANTS.formatted(
                  KeyHash.of(millKey),
                  KeyHash.of(mineKey),
                  mapping,
                  KeyHash.of(quayKey),
                  hooks.address("/"),
                  Files.writeString(folder.resolve("secret"), "whsec_c2VjcmV0")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestHub hub() {
    return hub;
  }

  /** What the tenant quay tells of everything, twice. */
  Hooks hooks() {
    return hooks;
  }

  Path folder() {
    return folder;
  }

  /** Priority X makes the mapping fail; one that is no text makes its result break the schema. */
  void breakMapping() {
    write("if ($it.MaintPriority == \"X\") error(\"priority X is not known\") else");
    long written = System.nanoTime();
    // A changed mapping is in use within 100 ms.
    eventually(() -> System.nanoTime() - written > Duration.ofMillis(100).toNanos());
  }

  void mendMapping() {
    write("if ($it.MaintPriority == \"X\") \"1\" else");
  }

  private void write(String beforePriority) {
    try {
      String text = Files.readString(MAPPING);
      String changed =
          text.replace("text($it.MaintPriority)", beforePriority + " $it.MaintPriority");
      assertThat(changed).isNotEqualTo(text);
      Path next = Files.writeString(folder.resolve("next.jslt"), changed);
      Files.move(next, mapping, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String number() {
    return "M" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** A work order as SAP has it. */
  static byte[] order(String number, String priority) {
    try {
      ObjectNode document = (ObjectNode) Json.read(Files.readAllBytes(SAMPLE));
      ((ObjectNode) document.path("d"))
          .put("MaintenanceOrder", number)
          .put("MaintPriority", priority)
          .put("LastChangeDateTime", "/Date(1780000000000)/");
      return Json.write(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String key(String tenant) {
    return Map.of("mill", millKey, "mine", mineKey, "quay", quayKey).get(tenant);
  }

  /** Posts an order that fails its mapping and returns its event's id when it is a dead letter. */
  String dead(String tenant, String number) {
    String id = post(tenant, order(number, BAD_PRIORITY));
    assertThat(eventually(() -> status(tenant, id).equals("dead-lettered"))).isTrue();
    return id;
  }

  String post(String tenant, byte[] body) {
    HttpResponse<String> answer =
        hub.send(
            request(tenant, "/v1/events/sap")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer.body()).get("id").asText();
  }

  String status(String tenant, String event) {
    HttpResponse<String> answer = hub.send(request(tenant, "/v1/events/" + event).GET());
    return answer.statusCode() == 200 ? json(answer.body()).get("status").asText() : "";
  }

  /** The priority of the stored work order; empty when there is none. */
  String priority(String tenant, String number) {
    HttpResponse<String> answer = hub.send(request(tenant, "/v1/workorder?limit=1000").GET());
    for (JsonNode item : json(answer.body()).get("items")) {
      if (item.get("number").asText().equals(number)) {
        return item.path("priority").asText();
      }
    }
    return "";
  }

  HttpRequest.Builder request(String tenant, String path) {
    return HttpRequest.newBuilder(hub.address(path))
        .timeout(Duration.ofSeconds(20))
        .header("X-API-Key", key(tenant));
  }

  static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks the administration port as somebody. */
  HttpResponse<String> ask(
      String method, String path, String operator, String version, byte[] body) {
    HttpRequest.Builder request =
        hub.adminRequest(operator, "/admin/v1/dead-letters" + path)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (!version.isEmpty()) {
      request.header("If-Match", version);
    }
    return hub.send(request);
  }

  /** As the shard's superuser, from whom row level security hides nothing. */
  List<String> sql(String sql) {
    List<String> found = new ArrayList<>();
    for (PostgresAddress shard : hub.shards()) {
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          Statement statement = connection.createStatement()) {
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
              found.add(rows.getString(1));
            }
          }
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return found;
  }

  /** What a command printed and how it ended. */
  record Said(int status, String out, String err) {
    JsonNode json() {
      return Mill.json(out);
    }
  }

  /** Runs {@code ./hub …} against this hub. */
  Said run(String... words) {
    return runAs(TestAdmins.OPERATOR, words);
  }

  /** The same with somebody else's key. */
  Said runAs(String who, String... words) {
    return runAt(hub, who, words);
  }

  /** The same against another hub. */
  static Said runAt(TestHub hub, String who, String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.add("--key-file=" + hub.admins().keyFile(who));
    arguments.add("--admin=" + hub.adminAddress(""));
    return runAnywhere(arguments.toArray(String[]::new));
  }

  static Said runAnywhere(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = HubCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int status = command.execute(words);
    return new Said(status, out.toString(), err.toString());
  }

  @Override
  public void close() {
    hub.close();
    hooks.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
