package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.yaml.MistakesException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading only what changed gives what reading the whole file does. */
class TenantsReaderTest {
  private static final SystemKind ANY =
      new SystemKind(Set.of("part"), Optional.empty(), Set.of(), Set.of(), Set.of());
  private static final Path NAME = Path.of("tenants.yaml");

  /** Lines that turn up anywhere in an edited file; most of them break it. */
  private static final List<String> LINES =
      List.of(
          "# a remark",
          "    # a remark, deeper",
          "",
          "    enabled: false",
          "    limits: {requestsPerSecond: 7}",
          "    limits: &few {requestsPerSecond: 7}",
          "    limits: *few",
          "    systems: {sap: {connector: sap,",
          "    systems: {sap: {connector: sap}}",
          "    shard: \"a",
          "    shard: a\"",
          "    shard: |",
          "    mappings: {sap/part.from-erp: MAPPING}",
          "    subscriptions: [{to: \"https://a.example\", events: [\"*\"], secret: \"{{file:SECRET}}\"}]",
          "    subscriptions: [{to: \"https://a.example\", events: [\"*\"], secret: \"{{file:SEC\\",
          "      RET}}\"}]",
          "    keys: [{id: a, sha256: " + "ab".repeat(32) + "}]",
          "    keys: [{id: own, issue: onFirstStart}]",
          "    unknown: 1",
          "\tenabled: false",
          "  t3:",
          "  t4: {enabled: false}",
          "  \"t5\":",
          "  ? t6",
          " t7:",
          "t8:",
          "tenants:",
          "defaults: {limits: {requestsPerSecond: 9}}",
          "---",
          "...",
          "%YAML 1.1",
          "  <<: {}",
          "}");

  @TempDir private Path folder;
  private Path secret;
  private Path mapping;
  private TenantsReader reader;

  @BeforeEach
  void start() throws IOException {
    secret = Files.writeString(folder.resolve("secret"), "whsec_Zmlyc3Q=");
    mapping = Files.writeString(folder.resolve("m.jslt"), ".");
    TenantsBuilder builder = builder("keys");
    reader = new TenantsReader(new TenantsFile(builder), new TenantsFile(builder.dry()));
  }

  private TenantsBuilder builder(String keys) {
    IssuedKeys issued = new IssuedKeys(folder.resolve(keys), new SecureRandom(), (name, key) -> {});
    return new TenantsBuilder(Map.of(), issued, Map.of("sap", ANY));
  }

  private List<String> lines(int tenants) {
    List<String> lines = new ArrayList<>();
    lines.add("defaults:");
    lines.add("  limits: {requestsPerSecond: 100, burst: 200}");
    lines.add("tenants:");
    for (int i = 0; i < tenants; i++) {
      lines.add("  t" + i + ":");
      lines.add("    enabled: true");
      lines.add("    keys: [{id: erp, sha256: \"" + KeyHash.of("t" + i) + "\"}]");
      lines.add("    systems:");
      lines.add("      sap: {connector: sap, parameters: {baseUrl: \"https://t.example\"}}");
      lines.add("    subscriptions:");
      lines.add("      - {to: sap, events: [part.*, \"*\"]}");
      if (i % 3 == 0) {
        lines.add("      - to: https://hooks.example");
        lines.add("        events: [workorder.*]");
        lines.add("        secret: \"{{file:SECRET}}\"");
      }
      if (i % 4 == 0) {
        lines.add("    mappings: {sap/part.from-erp: MAPPING}");
      }
      lines.add("    limits: {requestsPerSecond: " + (i + 1) + "}");
    }
    return lines;
  }

  private byte[] content(List<String> lines) {
    return (String.join("\n", lines) + "\n")
        .replace("SECRET", secret.toString())
        .replace("MAPPING", mapping.toString())
        .getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyEditsGiveWhatReadingTheWholeDoes(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> good = lines(12);
    int accepted = 0;
    int edits = 250;
    for (int i = 0; i < edits; i++) {
      List<String> lines = new ArrayList<>(good);
      for (int n = random.nextInt(3); n >= 0; n--) {
        edit(lines, random);
      }
      changeOutside(random);
      if (same(content(lines), "seed " + seed + ", edit " + i)) {
        accepted++;
        good = lines.size() > 60 ? lines : lines(12);
      }
    }
    System.out.printf(
        "tenants read again: seed %d, %d of %d edits accepted%n", seed, accepted, edits);
    assertThat(accepted).isBetween(edits / 20, edits - edits / 20);
  }

  private void edit(List<String> lines, Random random) {
    int at = random.nextInt(lines.size());
    switch (random.nextInt(8)) {
      case 0 -> lines.add(at, LINES.get(random.nextInt(LINES.size())));
      case 1 -> lines.set(at, LINES.get(random.nextInt(LINES.size())));
      case 2 -> lines.remove(at);
      case 3 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 4 -> lines.set(at, lines.get(at).replaceFirst("[0-9]+", "" + random.nextInt(90)));
      case 5 -> lines.set(at, lines.get(at).replace("true", "false"));
      case 6 -> move(lines, at, random);
      default -> lines.set(at, lines.get(at).replaceFirst("(:|,|\"|\\{|}|- )", ""));
    }
  }

  /** A tenant with all it has goes to the end. */
  private static void move(List<String> lines, int at, Random random) {
    int begin = at;
    while (begin > 2 && !lines.get(begin).matches("  t[0-9]+:")) {
      begin--;
    }
    int end = Math.min(lines.size(), at + 1);
    while (end < lines.size() && lines.get(end).startsWith("    ")) {
      end++;
    }
    List<String> tenant = new ArrayList<>(lines.subList(begin, end));
    lines.subList(begin, end).clear();
    if (random.nextBoolean()) {
      lines.addAll(tenant);
    }
  }

  private void changeOutside(Random random) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> Files.writeString(secret, "whsec_c2Vjb25k" + "A".repeat(4 * random.nextInt(9)));
      case 1 -> Files.writeString(secret, "no secret!");
      case 2 -> Files.deleteIfExists(mapping);
      default -> {
        Files.writeString(mapping, ".");
        if (!Files.readString(secret).startsWith("whsec_")) {
          Files.writeString(secret, "whsec_Zmlyc3Q=");
        }
      }
    }
  }

  /** Whether it was accepted, by both ways. */
  private boolean same(byte[] content, String which) {
    Tenants whole;
    try {
      whole = new TenantsFile(builder("keys").dry()).read(NAME, content);
    } catch (MistakesException e) {
      String told = told(content);
      assertThat(told).as(which).isEqualTo(e.getMessage());
      return false;
    }
    Tenants quick = reader.read(NAME, content);
    if (new String(content, StandardCharsets.UTF_8).contains("onFirstStart")) {
      whole = new TenantsFile(builder("keys").dry()).read(NAME, content);
    }
    assertThat(List.copyOf(quick.all())).as(which).isEqualTo(List.copyOf(whole.all()));
    assertThat(quick.version()).isEqualTo(whole.version());
    for (Tenant tenant : whole.all()) {
      for (ApiKey key : tenant.keys()) {
        assertThat(quick.byKeyHash(key.sha256())).isEqualTo(whole.byKeyHash(key.sha256()));
      }
    }
    return true;
  }

  private String told(byte[] content) {
    try {
      reader.read(NAME, content);
      return "accepted";
    } catch (MistakesException e) {
      return e.getMessage();
    }
  }

  @Test
  void whoDidNotChangeStaysTheSame() {
    List<String> lines = lines(50);
    Tenants before = reader.read(NAME, content(lines));
    lines.set(lines.indexOf("  t7:") + 1, "    enabled: false");
    Tenants after = reader.read(NAME, content(lines));
    for (Tenant tenant : after.all()) {
      if (tenant.id().equals("t7")) {
        assertThat(tenant.enabled()).isFalse();
      } else {
        assertThat(tenant).isSameAs(before.byId(tenant.id()).orElseThrow());
      }
    }
  }

  @Test
  void aKeyOfAnotherTenantIsRefusedWhereItStands() {
    List<String> lines = lines(50);
    reader.read(NAME, content(lines));
    int at = lines.indexOf("  t7:") + 2;
    lines.set(at, lines.get(lines.indexOf("  t40:") + 2));
    assertThat(told(content(lines)))
        .contains("tenants.yaml:" + (lines.indexOf("  t40:") + 3) + ":")
        .contains("is also a key of tenant 't7'");
  }

  @Test
  void aChangedSecretIsReadThoughNoLineChanged() throws IOException {
    List<String> lines = lines(4);
    reader.read(NAME, content(lines));
    Files.writeString(secret, "whsec_c2Vjb25kLXNlY29uZA==");
    Tenants after = reader.read(NAME, content(lines));
    assertThat(after.byId("t0").orElseThrow().subscription("hooks.example").orElseThrow().secret())
        .contains(new Secret("whsec_c2Vjb25kLXNlY29uZA=="));
  }
}
