package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.cmmshub.TestHub;
import dev.cmmshub.gateway.token.FakeIssuer;
import dev.cmmshub.gateway.token.Jwts;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A hub with two tenants in one shard that have the same kind of systems, under other names, and an
 * object each; and with everything a caller of the first can come with.
 */
final class TwoTenants implements AutoCloseable {
  private static final RSAKey SIGNER = Jwts.rsa("k");
  private static final String MINE = "hub_isolation-mine-";

  private static final String TENANTS =
      """
        mine:
          keys:
            - {id: publish, sha256: "%s", can: [publish]}
            - {id: read, sha256: "%s", can: [read]}
            - {id: bulk, sha256: "%s", can: [bulk]}
            - {id: over, sha256: "%s", expires: "2026-01-01T00:00:00Z"}
          tokens: [{id: idp, issuer: "%s", audience: cmms-hub, algorithms: [RS256], claims: {azp: mine}}]
          systems:
            my-odoo: {connector: odoo}
            my-soap: {connector: generic-soap}
            my-erpnext: {connector: erpnext, hook: {token: "%s", secrets: ["{{file:%s}}"]}}
        theirs:
          keys: [{id: all, sha256: "%s", can: [publish, read, bulk]}]
          systems:
            their-odoo: {connector: odoo}
            their-soap: {connector: generic-soap}
            their-erpnext: {connector: erpnext, hook: {token: "%s", secrets: ["{{file:%s}}"]}}
        asleep:
          enabled: false
          keys: [{id: all, sha256: "%s", can: [publish, read, bulk]}]
      """;

  private final FakeIssuer issuer = new FakeIssuer(SIGNER);
  private final TestHub hub;

  /**
   * @param folder for the secrets of the hooks
   */
  TwoTenants(Path folder) throws IOException {
    Path mine = Files.writeString(folder.resolve("mine"), "isolation-secret-of-mine");
    Path theirs = Files.writeString(folder.resolve("theirs"), "isolation-secret-of-theirs");
    hub =
        TestHub.with(
            TENANTS.formatted(
                KeyHash.of(MINE + "publish"),
                KeyHash.of(MINE + "read"),
                KeyHash.of(MINE + "bulk"),
                KeyHash.of(MINE + "over"),
                issuer.issuer(),
                KeyHash.of(hookToken("mine")),
                mine,
                KeyHash.of("hub_isolation-theirs"),
                KeyHash.of(hookToken("theirs")),
                theirs,
                KeyHash.of("hub_isolation-asleep")));
    assertThat(eventually(() -> read("/v1/workorder", token()).statusCode() == 200)).isTrue();
  }

  TestHub hub() {
    return hub;
  }

  private String token() {
    return Jwts.signed(JWSAlgorithm.RS256, SIGNER, Jwts.claims(issuer.issuer(), "mine"));
  }

  static String hookToken(String tenant) {
    return "isolation-hook-of-" + tenant;
  }

  /** Each column of the table: what it is called, and what is sent as bearer. */
  Map<String, String> callers() {
    Map<String, String> callers = new LinkedHashMap<>();
    callers.put("no key", "");
    callers.put("wrong key", "hub_isolation-nobodys");
    callers.put("publish", MINE + "publish");
    callers.put("read", MINE + "read");
    callers.put("bulk", MINE + "bulk");
    callers.put("token", token());
    callers.put("expired", MINE + "over");
    callers.put("disabled tenant", "hub_isolation-asleep");
    return callers;
  }

  /** Posts an order of either tenant and returns the event's id, once it is applied. */
  String publish(String tenant) throws IOException {
    boolean isMine = tenant.equals("mine");
    HttpResponse<String> answer =
        hub.send(
            with(
                isMine ? MINE + "publish" : "hub_isolation-theirs",
                HttpRequest.newBuilder(
                        hub.address("/v1/events/" + (isMine ? "my-odoo" : "their-odoo")))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(order()))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = json(answer).get("id").asText();
    String reader = isMine ? MINE + "read" : "hub_isolation-theirs";
    assertThat(eventually(() -> read("/v1/events/" + id, reader).body().contains("\"applied\"")))
        .isTrue();
    return id;
  }

  /** The id of the tenant's only object, which is in the cache then. */
  String object(String tenant) {
    String reader = tenant.equals("mine") ? MINE + "read" : "hub_isolation-theirs";
    String id = json(read("/v1/workorder", reader)).at("/items/0/id").asText();
    assertThat(read("/v1/workorder/" + id, reader).statusCode()).isEqualTo(200);
    return id;
  }

  /** Loads the same order as a file and returns the job's id, once it is done. */
  String load(String tenant) throws IOException {
    boolean isMine = tenant.equals("mine");
    String key = isMine ? MINE + "bulk" : "hub_isolation-theirs";
    HttpResponse<String> answer =
        hub.send(
            with(
                key,
                HttpRequest.newBuilder(
                        hub.address("/v1/bulk/" + (isMine ? "my-odoo" : "their-odoo")))
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(line()))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = json(answer).get("id").asText();
    assertThat(eventually(() -> read("/v1/jobs/" + id, key).body().contains("\"done\""))).isTrue();
    return id;
  }

  static byte[] line() throws IOException {
    return Json.write(Json.read(order()));
  }

  static byte[] order() throws IOException {
    return Files.readAllBytes(
        Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
  }

  private HttpResponse<String> read(String path, String key) {
    return hub.send(with(key, HttpRequest.newBuilder(hub.address(path))));
  }

  static HttpRequest.Builder with(String key, HttpRequest.Builder request) {
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body().getBytes(UTF_8));
  }

  @Override
  public void close() {
    hub.close();
    issuer.close();
  }
}
