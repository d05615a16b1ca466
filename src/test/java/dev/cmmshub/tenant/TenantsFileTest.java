package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cmmshub.connector.ConnectorFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsFileTest {
  private static final String HASH = "ab".repeat(32);
  private static final String SOME =
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd";
  private static final String SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
  private static final Map<String, SystemKind> CONNECTORS =
      Map.of(
          "odoo", new SystemKind(Set.of(), Optional.empty(), Set.of(), Set.of(), Set.of()),
          "sap-s4hana",
              new SystemKind(
                  Set.of("part", "workorder"),
                  Optional.empty(),
                  Set.of("password"),
                  Set.of(),
                  Set.of()),
          "exact",
              new SystemKind(
                  Set.of("part"),
                  Optional.of(Set.of("baseUrl", "token", "limit")),
                  Set.of(),
                  Set.of("token"),
                  Set.of("baseUrl")));
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOOK", SECRET, "SAP_PASSWORD", "s3cret");

  @TempDir private Path folder;
  private final List<String> announced = new ArrayList<>();

  private TenantsFile file() {
    IssuedKeys keys =
        new IssuedKeys(
            folder.resolve("keys"),
            new SecureRandom(),
            (name, key) -> announced.add(name + " " + key.value()));
    return new TenantsFile(new TenantsBuilder(ENVIRONMENT, keys, CONNECTORS));
  }

  private Tenants read(String text) throws IOException {
    return file().read(Files.writeString(folder.resolve("tenants.yaml"), text));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refuses(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("tenants.yaml"), text);
    return assertThatThrownBy(() -> file().read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ":")
        .hasMessageNotContaining("s3cret");
  }

  private static String inAcme(String lines) {
    return "tenants:\n  acme:\n    " + lines.replace("\\n", "\n    ") + "\n";
  }

  /** An editor that begins anew, or a request without a body, must not remove everybody. */
  @ParameterizedTest
  @ValueSource(strings = {"", "null", "# nothing", "defaults: {}", "{}"})
  void aFileWithoutTenantsIsRefused(String text) throws IOException {
    assertThatThrownBy(() -> read(text)).hasMessageContaining("tenants.yaml:1");
  }

  @Test
  void everythingThatCanBeSaidIsRead() throws IOException {
    Tenant acme =
        read("""
            defaults:
              limits: {maxBody: 64kB, bytesPerSecond: 5MB}
              retry: {schedule: [500ms, 2m], maxAge: 4h}
            tenants:
              acme:
                enabled: false
                shard: b
                api: [v2]
                keys: [{id: erp, sha256: %s, can: [publish]}]
                systems:
                  sap:
                    connector: sap-s4hana
                    parameters: {password: "{{env:SAP_PASSWORD}}", user: me}
                    poll:
                      - {resource: workorder, every: 60s}
                      - {resource: part, every: 4h, since: 2026-01-01T01:00:00+01:00, parameters: {limit: 5}}
                subscriptions:
                  - {to: sap, events: [workorder.*]}
                  - {to: "https://hooks.example.com/a", events: ["*"], secret: "{{env:HOOK}}"}
                  - {id: parts, to: "https://hooks.example.com/b", events: [part.changed], secret: "{{env:HOOK}}"}
                mappings: {sap/workorder.from-erp: %s}
                retry: {maxAge: 1h}
              plain: {}
            """
                .formatted(HASH, Files.createFile(folder.resolve("own.jslt"))))
            .byId("acme")
            .orElseThrow();
    assertThat(acme.enabled()).isFalse();
    assertThat(acme.shard()).hasValue("b");
    assertThat(acme.mayCall("v2")).isTrue();
    assertThat(acme.mayCall("v1")).isFalse();
    assertThat(acme.limits().maxBody()).isEqualTo(64 * 1024);
    assertThat(acme.keys()).containsExactly(new ApiKey("erp", HASH, Set.of("publish")));
    assertThat(acme.systems().get("sap").parameters())
        .containsEntry("password", new Secret("s3cret"))
        .containsEntry("user", new Secret("me"));
    assertThat(acme.systems().get("sap").polls())
        .containsExactly(
            new Poll("workorder", Duration.ofMinutes(1), Optional.empty(), Map.of()),
            new Poll(
                "part",
                Duration.ofHours(4),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Map.of("limit", new Secret("5"))));
    assertThat(acme.subscriptions())
        .extracting(Subscription::id)
        .containsExactly("sap", "hooks.example.com", "parts");
    assertThat(acme.retry())
        .isEqualTo(
            new RetryPolicy(
                List.of(Duration.ofMillis(500), Duration.ofMinutes(2)), Duration.ofHours(1)));
    assertThat(acme.mappings())
        .containsEntry("sap/workorder.from-erp", folder.resolve("own.jslt").toString());
  }

  /** A burst follows the rate it stands beside; all else comes from the level above. */
  @Test
  void limitsOfAKeyFillUpFromItsTenantAndThoseFromTheDefaults() throws IOException {
    Tenants tenants =
        read(
            """
            defaults: {limits: {maxBody: 64kB, inFlight: 7}}
            tenants:
              plain: {limits: {}}
              slow:
                limits: {requestsPerSecond: 10, bytesPerSecond: 5MB}
                keys:
                  - {id: a, sha256: %s, limits: {requestsPerSecond: 2, burst: 9}}
                  - {id: b, issue: onFirstStart}
            """
                .formatted(HASH));
    assertThat(tenants.byId("plain").orElseThrow().limits())
        .isEqualTo(new Limits(64 << 10, 1000, 2000, 50 << 20, 7, 50_000));
    Tenant slow = tenants.byId("slow").orElseThrow();
    assertThat(slow.limits()).isEqualTo(new Limits(64 << 10, 10, 20, 5 << 20, 7, 50_000));
    assertThat(slow.keys())
        .extracting(ApiKey::limits)
        .containsExactly(
            Optional.of(new Limits(64 << 10, 2, 9, 5 << 20, 7, 50_000)), Optional.empty());
  }

  @Test
  void theExampleThatComesWithTheHubIsRead() {
    TenantsBuilder builder =
        new TenantsBuilder(
            Map.of(),
            new IssuedKeys(folder, new SecureRandom(), (name, key) -> {}),
            ConnectorFolders.kinds(new ConnectorFolders().read(Path.of("connectors"))));
    assertThat(new TenantsFile(builder).read(Path.of("tenants.yaml")).all())
        .extracting(Tenant::id)
        .containsExactly("example");
  }

  /** With line and column, and what may stand there instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "systems:\\n  sap: {conector: odoo}     | 4:13: tenants.acme.systems.sap.conector: unknown"
            + " field 'conector', did you mean connector\\? expected one of "
            + "connector, enabled, hook, parameters, poll",
        "sytems: {}                             | 3:5: tenants.acme.sytems: unknown field"
            + " 'sytems', did you mean systems\\? expected one of "
            + "api, batch, codes, enabled, flows, keys, limits, mappings, retry, shard, subscriptions, systems,"
            + " tokens",
        "keys: [{id: a, sha265: x}]             | 3:20: tenants.acme.keys.0..sha265: unknown field"
            + " 'sha265', did you mean sha256\\? expected one of "
            + "can, certificate, expires, id, issue, limits, sha256",
        "enabled: maybe                         | 3:14: tenants.acme.enabled: 'maybe': expected"
            + " true or false, found a text",
        "enabled: true\\nenabled: false         | 4:12: Duplicate field 'enabled'",
        "keys: {id: a}                          | 3:11: .+",
        "systems: [sap]                         | 3:14: .+",
        "subscriptions: [{events: [a]}]         | 3:21: .*'to' is missing: .*",
        "keys: [                                | 4:1: [^\\n]+",
        "systems: {s: null}                     | 3:18: .*: expected names with values, found"
            + " nothing",
        "subscriptions: [{to: null, events: []}] | 3:26: .*: expected a text, found nothing",
        "systems: {s: {connector: odoo, poll: [{every: 1m}]}} | 3:43: .*'resource' is missing: .*",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part}]}} | 3:49: .*'every' is"
            + " missing: .*",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: 1m, from: 1}]}} | 3:77:"
            + " .*: unknown field 'from', expected one of every, parameters, resource, since",
        "systems: {s: {connector: odoo, poll: part}} | 3:42: .+",
      })
  void whatIsNotOfTheShapeIsToldWithItsPlace(String lines, String message) throws IOException {
    refuses(inAcme(lines)).hasMessageMatching("(?s).*tenants\\.yaml:" + message);
  }

  @Test
  void aTenantTwiceIsAnError() throws IOException {
    refuses("tenants:\n  acme: {}\n  acme: {}\n")
        .hasMessageContaining("yaml:3:7: Duplicate field 'acme'");
  }

  /** Of the right shape, but not right: told by the way to it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "systems: {sap: {connector: sap}}        | systems.sap.connector: 'sap': expected one of"
            + " the folders in connectors/: exact, odoo, sap-s4hana",
        "systems: {SAP: {connector: odoo}}       | systems.SAP: 'SAP': expected: 1 to 40 characters",
        "systems: {s: {connector: odoo, parameters: {p: '{{env:NONE}}'}}}"
            + " | systems.s.parameters.p: {{env:NONE}}: the environment has no variable",
        "systems: {s: {connector: odoo, parameters: {p: '{{file:/none/x}}'}}}"
            + " | systems.s.parameters.p: {{file:/none/x}}: cannot be read",
        "systems: {s: {connector: odoo, poll: [{resource: part, every: 1m}]}}"
            + " | systems.s.poll[0].resource: connector odoo cannot be polled",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: parts, every: 1m}]}}"
            + " | systems.s.poll[0].resource: 'parts': did you mean part? expected one of part, workorder",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: 1m},"
            + " {resource: part, every: 2m}]}}"
            + " | systems.s.poll[1].resource: 'part' is polled already; name it once",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: often}]}}"
            + " | systems.s.poll[0].every: 'often': expected: A whole number with ms, s, m or h (such as",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: 10ms}]}}"
            + " | systems.s.poll[0].every: expected 1s or more",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: 1m, since: today}]}}"
            + " | systems.s.poll[0].since: 'today': expected a time such as 2026-01-31T00:00:00Z",
        "systems: {s: {connector: sap-s4hana, poll: [{resource: part, every: 1m,"
            + " parameters: {p: '{{env:NONE}}'}}]}}"
            + " | systems.s.poll[0].parameters.p: {{env:NONE}}: the environment has no variable",
        "systems: {s: {connector: odoo, parameters: {p: \"a\\r\\nX-Evil: b\"}}}"
            + " | systems.s.parameters.p: expected one line: it holds a line break",
        "systems: {s: {connector: exact, parameters: {baseURL: x, limit: '1'}}}"
            + " | systems.s.parameters.baseURL: connector exact takes no 'baseURL', did you"
            + " mean baseUrl? expected some of baseUrl, limit, token",
        "systems: {s: {connector: exact, parameters: {baseUrl: 'exec:id'}}}"
            + " | systems.s.parameters.baseUrl: expected https:// or http://, a host and perhaps",
        "systems: {s: {connector: exact, parameters: {baseUrl: 'http://h/?proxyHost=10.0.0.1'}}}"
            + " | systems.s.parameters.baseUrl: expected https:// or http://, a host and perhaps",
        "systems: {s: {connector: exact, parameters: {baseUrl: 'http://good.example@10.0.0.1'}}}"
            + " | systems.s.parameters.baseUrl: expected https:// or http://, a host and perhaps",
        "systems: {s: {connector: exact, parameters: {baseUrl: '{{env:SAP_PASSWORD}}'}}}"
            + " | systems.s.parameters.baseUrl: expected https:// or http://, a host and perhaps",
        "systems: {s: {connector: exact, poll: [{resource: part, every: 1m}]}}"
            + " | systems.s: parameters: token missing; without it connector exact cannot be"
            + " polled",
        "systems: {s: {connector: exact, parameters: {token: t},"
            + " poll: [{resource: part, every: 1m, parameters: {limits: '1'}}]}}"
            + " | systems.s.poll[0].parameters.limits: connector exact takes no 'limits', did you mean limit?",
        "systems: {s: {connector: exact}}\\nsubscriptions: [{to: s, events: ['*']}]"
            + " | systems.s: parameters: baseUrl missing; without it connector exact cannot"
            + " write",
        "subscriptions: [{to: 'https://a.example/1', events: ['*'], secret: '{{env:HOOK}}'},"
            + " {to: 'https://a.example/2', events: ['*'], secret: '{{env:HOOK}}'}]"
            + " | subscriptions[1]: there is another one with the id"
            + " 'a.example'; give each an id: of its own",
        "subscriptions: [{to: sap, events: ['*']}] | subscriptions[0].to: 'sap': expected a web"
            + " address or one of the tenant's systems: ",
        "subscriptions: [{to: 'https://a.example', events: ['*']}]"
            + " | subscriptions[0]: 'secret' is missing: Signs the webhook",
        "subscriptions: [{to: 'https://a.example', events: ['*'], secret: s3cret}]"
            + " | subscriptions[0].secret: expected: Signs the webhook (Standard Webhooks, base64 with"
            + " or without whsec_); a reference {{env:NAME}} or {{file:/path}}, never the secret",
        "subscriptions: [{to: 'https://a.example', events: ['*'], secret: 's3cret{{env:HOOK}}'}]"
            + " | never the secret",
        "subscriptions: [{to: 'https://a.example', events: ['Work Order'], secret: '{{env:HOOK}}'}]"
            + " | events[0]: 'Work Order': expected: A pattern over <entity>.<action> (such as workorder.*",
        "keys: [{id: a}]                         | keys[0]: expected: One credential: either sha256",
        "keys: [{id: a, sha256: ABC}]            | keys[0].sha256: 'ABC': expected: SHA-256 of the key, 64 hexadecimal digits",
        "keys: [{id: a, issue: always}]          | keys[0].issue: 'always': expected one of onFirstStart",
        "keys: [{id: a, issue: onFirstStart, can: [write]}] | keys[0].can[0]: 'write': expected one of publish, read",
        "keys: [{id: a, certificate: 'ab:cd'}]   | keys[0].certificate: 'ab:cd': expected: SHA-256 of the client certificate's DER form",
        "tokens: [{id: a, issuer: 'https://i', audience: h}] | tokens[0]: 'algorithms' is missing: The signatures that count",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [HS256]}] | tokens[0].algorithms[0]: 'HS256': expected one of RS256",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [none]}] | tokens[0].algorithms[0]: 'none': expected one of RS256",
        "tokens: [{id: a, issuer: 'http://i.example', audience: h, algorithms: [ES256]}] | tokens[0].issuer: 'http://i.example': expected",
        "tokens: [{id: a, issuer: 'https://i/?x=1', audience: h, algorithms: [ES256]}] | tokens[0].issuer: 'https://i/?x=1': expected",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [ES256], jwks: 'http://10.0.0.1/keys'}] | tokens[0].jwks: 'http://10.0.0.1/keys': expected",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [ES256], jwks: 'file:///etc/passwd'}] | tokens[0].jwks: 'file:///etc/passwd': expected",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [ES256], claims: {exp: x}}] | claims.exp: 'exp': expected: the name of a claim other than",
        "tokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [ES256], claims: {azp: 7}}] | claims.azp: '7': expected a text",
        "keys: [{id: a, sha256: "
            + SOME
            + "}]\\ntokens: [{id: a, issuer: 'https://i', audience: h, algorithms: [ES256]}]"
            + " | tokens[0].id: there is another key or token 'a'",
        "keys: [{id: A B, issue: onFirstStart}]  | keys[0].id: 'A B': expected: 1 to 40 characters",
        "limits: {maxBody: 2 buckets}            | limits.maxBody: '2 buckets': expected: Largest body",
        "limits: {requestsPerSecond: 0}          | limits.requestsPerSecond: '0': expected: Requests a"
            + " second in the long run, on all nodes together: 1 to 1000000, default 1000. 0 is a"
            + " mistake and does not mean unlimited",
        "limits: {requestsPerSecond: fast}       | limits.requestsPerSecond: 'fast': expected a number",
        "limits: {burst: -1}                     | limits.burst: '-1': expected: Requests at once",
        "limits: {bytesPerSecond: 0MB}           | limits.bytesPerSecond: '0MB': expected: Bytes of"
            + " bodies a second",
        "limits: {bytesPerSecond: 2000MB}        | limits.bytesPerSecond: '2000MB': expected 900MB or"
            + " less",
        "limits: {inFlight: 0}                   | limits.inFlight: '0': expected: Requests being",
        "keys: [{id: a, issue: onFirstStart, limits: {maxBody: 1MB}}] | keys[0].limits.maxBody:"
            + " unknown field 'maxBody', expected one of burst, bytesPerSecond, inFlight,"
            + " requestsPerSecond",
        "retry: {maxAge: 3 weeks}                | retry.maxAge: '3 weeks': expected: This long after its first failure an event becomes a dead letter. Default: 72h (such as 72h, 30m)",
        "retry: {schedule: [5s, soon]}           | retry.schedule[1]: 'soon': expected: A whole number with",
        "api: [v3]                               | api[0]: 'v3': expected one of v1, v2",
        "api: []                                 | api: expected at least 1 of them",
        "retry: {schedule: []}                   | retry.schedule: expected at least 1 of them",
      })
  void whatIsNotAllowedIsToldWithWhatIs(String lines, String message) throws IOException {
    refuses(inAcme(lines)).hasMessageContaining(message).hasMessageContaining("acme");
  }

  private static String tokens(String tenant, String more) {
    return "\n  "
        + tenant
        + ":\n    tokens: [{id: idp, issuer: \"https://login.example/a\", algorithms: [RS256], "
        + more
        + "}]";
  }

  @Test
  void aTokenThatCouldSpeakForTwoTenantsIsAnErrorWithItsPlace() throws IOException {
    String acme = "tenants:" + tokens("acme", "audience: hub, claims: {azp: a}");
    for (String bolt :
        List.of(
            "audience: hub, claims: {azp: a}",
            "audience: hub",
            "audience: hub, claims: {tid: b}",
            "audience: hub, claims: {azp: b, tid: b}")) {
      refuses(acme + tokens("bolt", bolt))
          .hasMessageContaining(":5:14: tenants.bolt.tokens[0]: ")
          .hasMessageContaining("one of 'idp' of tenant 'acme'");
    }
    Tenants apart =
        read(
            acme
                + tokens("bolt", "audience: hub, claims: {azp: b}, can: [read]")
                + tokens("cargo", "audience: other"));
    for (String id : List.of("acme", "bolt", "cargo")) {
      Map<String, String> claims = Map.of("azp", id.substring(0, 1));
      assertThat(
              apart.byToken(
                  "https://login.example/a",
                  List.of(id.equals("cargo") ? "other" : "hub"),
                  claims::get))
          .extracting(identity -> identity.tenant().id())
          .containsExactly(id);
    }
  }

  @Test
  void aCertificateThatTwoTenantsHaveIsAnErrorHoweverItIsWritten() throws IOException {
    String colons = "AB:".repeat(31) + "AB";
    refuses(
            "tenants:\n  acme: {keys: [{id: a, certificate: \"%s\"}]}\n  bolt: {keys: [{id: b, certificate: %s}]}"
                .formatted(colons, HASH))
        .hasMessageContaining("bolt.keys[0].certificate: is also a key of tenant 'acme'");
    // A key may have the hash of a certificate: the one is sent, the other shown.
    Tenants both =
        read(
            "tenants:\n  acme: {keys: [{id: a, certificate: \"%s\"}, {id: b, sha256: %s}]}"
                .formatted(colons, HASH));
    assertThat(both.byCertificate(HASH).orElseThrow().credential().id()).isEqualTo("a");
    assertThat(both.byKeyHash(HASH).orElseThrow().credential().id()).isEqualTo("b");
  }

  @Test
  void aKeyThatTwoTenantsHaveIsAnError() throws IOException {
    String key = "{keys: [{id: erp, sha256: " + HASH + "}]}";
    refuses("tenants:\n  acme: " + key + "\n  bolt: " + key)
        .hasMessageContaining(
            ":3:35: tenants.bolt.keys[0].sha256: is also a key of tenant 'acme'; a key must decide");
  }

  @Test
  void anAliasBombIsRefusedAtOnce() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
    }
    String nested = "tenants: &t {acme: {systems: *t}}\n";
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> {
          refuses(bomb + "tenants: {}\n");
          refuses(nested);
          refuses("tenants: " + "{a: ".repeat(5000));
        });
  }

  @Test
  void nothingTypesItselfByATag() throws IOException {
    refuses("tenants: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n");
  }

  @Test
  void aFileThatIsNotThereIsNamedWithTheWayToNameAnother() {
    assertThatThrownBy(() -> file().read(folder.resolve("none.yaml")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.yaml: cannot be read")
        .hasMessageContaining("--tenants");
  }

  @Test
  void anIssuedKeyIsShownOnceAndKeptAsAHash() throws IOException {
    String text = inAcme("keys: [{id: first, issue: onFirstStart}]");
    Tenants once = read(text);
    Tenants again = read(text);
    assertThat(announced).hasSize(1);
    String key = announced.get(0).replace("acme/first ", "");
    assertThat(key).matches("hub_[A-Za-z0-9_-]{43}");
    assertThat(once.byKeyHash(KeyHash.of(key)).orElseThrow().tenant().id()).isEqualTo("acme");
    assertThat(again.byKeyHash(KeyHash.of(key))).isEqualTo(once.byKeyHash(KeyHash.of(key)));
    assertThat(Files.readString(folder.resolve("keys/acme.first.sha256")))
        .isEqualTo(KeyHash.of(key) + "\n");
    assertThat(once.all().toString()).doesNotContain(key);
  }

  @Test
  void nothingThatHoldsASecretPrintsIt() throws IOException {
    String printed =
        read(inAcme(
                "systems: {sap: {connector: odoo, parameters: {p: '{{env:SAP_PASSWORD}}'}}}\\n"
                    + "subscriptions: [{to: 'https://a.example', events: ['*'],"
                    + " secret: '{{env:HOOK}}'}]"))
            .all()
            .toString();
    assertThat(printed).contains("***").doesNotContain("s3cret").doesNotContain(SECRET);
  }

  @Test
  void aSecretCanComeFromAFile() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "from a file\n");
    Tenants tenants =
        read(inAcme("systems: {s: {connector: odoo, parameters: {p: '{{file:" + secret + "}}'}}}"));
    assertThat(tenants.byId("acme").orElseThrow().systems().get("s").parameters())
        .containsEntry("p", new Secret("from a file"));
  }

  @Test
  void codesOfATenantsOwnAreRead() throws IOException {
    Tenant acme =
        read(inAcme("systems: {sap: {connector: odoo}}\\ncodes: {sap/units: {ST: PCE, 007: 1.10}}"))
            .byId("acme")
            .orElseThrow();
    assertThat(acme.codes()).isEqualTo(Map.of("sap/units", Map.of("ST", "PCE", "007", "1.10")));
  }

  @Test
  void codesOfUnknownSystemsAndTablesAreRefusedWhereTheyStand() throws IOException {
    refuses(inAcme("systems: {sap: {connector: odoo}}\\ncodes:\\n  sao/units: {ST: PCE}"))
        .hasMessageContaining(":5:18: tenants.acme.codes.sao/units: 'sao': did you mean sap?");
    refuses(inAcme("systems: {sap: {connector: odoo}}\\ncodes:\\n  sap/units: [ST]"))
        .hasMessageContaining(":5:18: ")
        .hasMessageContaining("expected names with values, found a list");
    Map<String, SystemKind> kinds =
        Map.of(
            "odoo",
            new SystemKind(
                Set.of(),
                Optional.empty(),
                Set.of(),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Optional.of(Set.of("units"))));
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"),
            inAcme("systems: {sap: {connector: odoo}}\\ncodes:\\n  sap/unit: {ST: PCE}"));
    assertThatThrownBy(
            () -> new TenantsFile(TenantsBuilder.dry(Optional.empty(), kinds)).read(file))
        .hasMessageContaining(":5:17: ")
        .hasMessageContaining("did you mean units?");
  }
}
