package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.tenant.BatchDefinition.By;
import dev.cmmshub.tenant.BatchDefinition.Since;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code batch} of a tenant may say, beside what its connectors bring. */
class BatchOfTenantsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** One that brings a load, and one that cannot be read. */
  private static final Map<String, SystemKind> CONNECTORS =
      Map.of(
          "sap-s4hana",
          new SystemKind(
              Set.of("part", "asset"),
              Optional.empty(),
              Set.of(),
              Set.of("baseUrl"),
              Set.of(),
              Optional.empty(),
              Optional.empty(),
              List.of(
                  new BatchDefinition(
                      "assets",
                      "",
                      List.of("asset"),
                      CronSchedule.of("0 1 * * *", BERLIN),
                      Optional.empty(),
                      Since.LAST,
                      List.of(),
                      By.HUB,
                      true))),
          "erpnext",
          new SystemKind(Set.of(), Optional.empty(), Set.of(), Set.of(), Set.of()));

  @TempDir private Path folder;

  private Tenants tenants(String batch) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"),
            """
            tenants:
              acme:
                systems:
                  sap:  {connector: sap-s4hana, parameters: {baseUrl: "https://sap.example"}}
                  push: {connector: sap-s4hana}
                  next: {connector: erpnext}
                batch:
            %s"""
                .formatted(batch.indent(6)));
    return new TenantsFile(TenantsBuilder.dry(Optional.empty(), CONNECTORS)).read(file);
  }

  private List<BatchDefinition> read(String batch) throws IOException {
    return tenants(batch).byId("acme").orElseThrow().batch();
  }

  @Test
  void theySayWhatIsLoadedAndWhen() throws IOException {
    BatchDefinition parts =
        read("""
                - id: parts
                  system: sap
                  entities: [part, asset]
                  schedule: "0 2 * * *"
                  timezone: Europe/Berlin
                  window: "22:00-06:00"
                  since: 7d
                  after: [sap-assets]
                """)
            .get(0);
    Instant two = Instant.parse("2026-11-27T01:00:00Z");
    assertThat(parts.schedule().last(Instant.parse("2026-11-27T12:00:00Z"))).contains(two);
    assertThat(parts.window().orElseThrow().left(two)).contains(Duration.ofHours(4));
    assertThat(parts.windowText()).contains("22:00-06:00");
    assertThat(parts.since().from(two, Optional.empty()))
        .contains(Instant.parse("2026-11-20T01:00:00Z"));
    assertThat(parts.entities()).containsExactly("part", "asset");
    assertThat(parts.by()).isEqualTo(By.HUB);
    assertThat(parts.enabled()).isTrue();
  }

  @Test
  void connectorsBringThemForSystemsThatCanBeRead() throws IOException {
    List<BatchDefinition> brought = read("[]");
    assertThat(brought).extracting(BatchDefinition::id).containsExactly("sap-assets");
    assertThat(brought.get(0).system()).isEqualTo("sap");
    assertThat(brought.get(0).since().from(Instant.EPOCH, Optional.of(Instant.MAX)))
        .contains(Instant.MAX);
  }

  @Test
  void anEntryOfTheSameIdSaysWhatIsOtherwise() throws IOException {
    BatchDefinition changed = read("- {id: sap-assets, timezone: UTC, since: all}").get(0);
    assertThat(changed.schedule()).hasToString("0 1 * * * UTC");
    assertThat(changed.entities()).containsExactly("asset");
    assertThat(changed.since().from(Instant.EPOCH, Optional.of(Instant.MAX))).isEmpty();
    assertThat(read("- {id: sap-assets, enabled: false}").get(0).enabled()).isFalse();
  }

  @Test
  void aPlanNamesThem() throws IOException {
    Tenants before = tenants("- {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}");
    Tenants after =
        tenants(
            """
            - {id: parts, system: sap, entities: [part], schedule: 0 3 * * *, window: "01:00-05:00"}
            - {id: sap-assets, enabled: false}
            """);
    assertThat(TenantsDiff.between(before, after))
        .extracting(
            TenantChange::part, TenantChange::name, c -> c.action().name(), TenantChange::detail)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "batch",
                "parts",
                "CHANGES",
                "schedule: 0 2 * * * UTC -> 0 3 * * * UTC; window: none -> 01:00-05:00"),
            org.assertj.core.groups.Tuple.tuple(
                "batch", "sap-assets", "STOPS", "enabled: true -> false"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "system: spa, entities: [part], schedule: 0 2 * * *        | 8:29 | did you mean sap?",
        "system: sap, entities: [workorder], schedule: 0 2 * * *   | 8:45 | expected one of the resources of connector sap-s4hana: asset, part",
        "system: sap, entities: [parts], schedule: 0 2 * * *       | 8:45 | did you mean part?",
        "system: next, entities: [part], schedule: 0 2 * * *       | 8:46 | connector erpnext has no resources",
        "system: push, entities: [part], schedule: 0 2 * * *       | 8:29 | baseUrl missing of system 'push'",
        "system: sap, entities: [part], schedule: 0 2 * *          | 8:62 | expected minute, hour",
        "system: sap, entities: [part], schedule: 0 25 * * *       | 8:62 | Value 25 not in range",
        "system: sap, entities: [part]                             | 8:9  | 'schedule' is missing",
        "system: sap, schedule: 0 2 * * *                          | 8:9  | 'entities' is missing",
        "entities: [part], schedule: 0 2 * * *                     | 8:9  | 'system' is missing",
        "system: sap, entities: [part], schedule: 0 2 * * *, timezone: Europe/Brelin | 8:83 | did you mean Europe/Berlin",
        "system: sap, entities: [part], schedule: 0 2 * * *, window: 22-6            | 8:81 | such as 22:00-06:00",
        "system: sap, entities: [part], schedule: 0 2 * * *, window: 06:00-06:00     | 8:81 | two different times",
        "system: sap, entities: [part], schedule: 0 2 * * *, since: yesterday        | 8:80 | expected last, all or how far back",
        "system: sap, entities: [part], schedule: 0 2 * * *, after: [sap-asset]      | 8:81 | did you mean sap-assets?",
        "system: sap, entities: [part], schedule: 0 2 * * *, after: [parts]          | 8:81 | a circle",
        "system: sap, entities: [part], schedule: 0 2 * * *, by: cron                | 8:77 | expected one of hub, airflow",
        "system: sap, entities: [part], schedule: 0 2 * * *, by: airflow, after: [sap-assets] | 8:94 | let the same run both",
        "system: sap, entities: [part], schedul: 0 2 * * *         | 8:52 | did you mean schedule?",
      })
  void mistakesAreNamedWithTheirPlace(String fields, String place, String what) {
    assertThatThrownBy(() -> read("- {id: parts, " + fields + "}"))
        .hasMessageContaining("tenants.yaml:" + place)
        .hasMessageContaining(what);
  }

  @Test
  void circlesAndDoublesAreNamed() {
    String more = ", system: sap, entities: [part], schedule: 0 2 * * *";
    assertThatThrownBy(() -> read("- {id: a" + more + "}\n- {id: a" + more + "}"))
        .hasMessageContaining("tenants.yaml:9:14")
        .hasMessageContaining("there is another one 'a'");
    assertThatThrownBy(
            () ->
                read("- {id: a" + more + ", after: [sap-assets]}\n- {id: sap-assets, after: [a]}"))
        .hasMessageContaining("a circle");
    assertThatThrownBy(
            () ->
                read(
                    "- {id: a"
                        + more
                        + ", after: [sap-assets]}\n- {id: sap-assets, enabled: false}"))
        .hasMessageContaining("'sap-assets' is switched off: 'a' would wait for ever");
  }
}
