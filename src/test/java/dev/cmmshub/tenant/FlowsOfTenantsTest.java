package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code flows} of a tenant may say. */
class FlowsOfTenantsTest {
  private static final Map<String, SystemKind> CONNECTORS =
      Map.of(
          "odoo",
          new SystemKind(
              Set.of(),
              Optional.empty(),
              Set.of(),
              Set.of(),
              Set.of(),
              Optional.empty(),
              Optional.empty()));

  @TempDir private Path folder;

  private List<ExpectedFlow> read(String flows) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"),
            """
            tenants:
              acme:
                systems: {erp: {connector: odoo}, cmms: {connector: odoo}}
                subscriptions: [{id: told, to: cmms, events: ["*"]}]
                flows:
            %s"""
                .formatted(flows.indent(6)));
    return new TenantsFile(TenantsBuilder.dry(Optional.empty(), CONNECTORS))
        .read(file)
        .byId("acme")
        .orElseThrow()
        .flows();
  }

  @Test
  void theySayWhatIsExpectedAndWhen() throws IOException {
    List<ExpectedFlow> flows =
        read(
            """
            - {from: erp, entity: part, within: 15m, hours: mon-fri 06:00-20:00 UTC, except: [2026-12-25]}
            - {to: told, within: 2h}
            """);
    assertThat(flows).extracting(ExpectedFlow::name).containsExactly("from erp/part", "to told/*");
    assertThat(flows.get(0).within()).isEqualTo(Duration.ofMinutes(15));
    assertThat(flows.get(0).hours().except()).containsExactly(LocalDate.of(2026, 12, 25));
    assertThat(flows.get(1).hours()).isEqualTo(WorkingHours.ALWAYS);
    assertThat(flows.get(1).covers(FlowStage.DELIVERED, "told", "asset")).isTrue();
    assertThat(flows.get(0).covers(FlowStage.APPLIED, "erp", "asset")).isFalse();
    assertThat(flows.get(0).covers(FlowStage.DELIVERED, "erp", "part")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: erp, within: 30s}             | 6:29 | expected 1m or more",
        "{from: erp, within: soon}            | 6:29 | soon",
        "{within: 15m}                        | 6:9  | One of from",
        "{from: erp, to: told, within: 15m}   | 6:9  | One of from",
        "{from: epr, within: 15m}             | 6:16 | did you mean erp?",
        "{to: cmms, within: 15m}              | 6:14 | expected one of the tenant's subscriptions: told",
        "{from: erp, entity: parts, within: 15m} | 6:29 | part",
        "{from: erp, within: 15m, hours: mon-fri} | 6:41 | mon-fri 06:00-20:00 Europe/Berlin",
        "{from: erp, within: 15m, except: [christmas]} | 6:43 | expected a day such as 2026-12-25",
        "{from: erp, witin: 15m}              | 6:21 | did you mean within?"
      })
  void mistakesAreNamedWithTheirPlace(String flow, String place, String what) throws IOException {
    assertThatThrownBy(() -> read("- " + flow))
        .hasMessageContaining("tenants.yaml:" + place)
        .hasMessageContaining(what);
  }

  @Test
  void oneFlowIsExpectedOnce() {
    assertThatThrownBy(() -> read("- {from: erp, within: 15m}\n- {from: erp, within: 30m}"))
        .hasMessageContaining("there is another one from erp/*");
  }
}
