package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The units of SAP's requisitions, as the connector and a tenant have them. */
class CodeTablesTest {
  private static final Path SAP = Path.of("connectors/sap-s4hana");

  private final CodeTables tables =
      new CodeTables(new ConnectorFolders().read(Path.of("connectors")));
  private final Mapping mapping =
      Mapping.compile(SAP.resolve("mappings/purchasedocument.to-erp.jslt"), FunctionLibrary.load());

  private static Tenant tenant(Map<String, Map<String, String>> codes) {
    return new Tenant(
        "acme",
        true,
        List.of(),
        List.of(),
        Map.of("sap", new TenantSystem("sap", "sap-s4hana", true, Map.of())),
        List.of(),
        Map.of(),
        codes,
        List.of(),
        List.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  private static JsonNode requisition(String unit) throws IOException {
    String sample =
        Files.readString(SAP.resolve("samples/purchasedocument.to-erp.requisition.json"));
    return Json.read(
        sample
            .replaceAll("\"unit\": \"[A-Z0-9]+\"", "\"unit\": \"" + unit + "\"")
            .getBytes(StandardCharsets.UTF_8));
  }

  private List<String> units(String unit, Tenant tenant) throws IOException {
    return mapping.apply(requisition(unit), tables.of(tenant, "sap")).findValuesAsText("BaseUnit");
  }

  @Test
  void aTenantsEntriesGoBeforeTheConnectors() throws IOException {
    assertThat(units("KGM", tenant(Map.of()))).isNotEmpty().containsOnly("KG");
    Tenant own = tenant(Map.of("sap/units", Map.of("KGM", "KGS", "BX", "KAR")));
    assertThat(units("KGM", own)).containsOnly("KGS");
    assertThat(units("BX", own)).containsOnly("KAR");
    assertThat(units("LTR", own)).containsOnly("L");
  }

  @Test
  void aChangedTenantHasItsNewEntriesAndAnotherSystemsCountForNothing() throws IOException {
    assertThat(units("KGM", tenant(Map.of("sap/units", Map.of("KGM", "A"))))).containsOnly("A");
    assertThat(units("KGM", tenant(Map.of("sap/units", Map.of("KGM", "B"))))).containsOnly("B");
    assertThat(units("KGM", tenant(Map.of("sap2/units", Map.of("KGM", "C"))))).containsOnly("KG");
  }

  @Test
  void anUnknownCodeIsRefusedByName() throws IOException {
    JsonNode document = requisition("BX");
    JsonNode codes = tables.of(tenant(Map.of()), "sap");
    assertThatThrownBy(() -> mapping.apply(document, codes))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("enum_map")
        .hasMessageContaining("BX");
  }
}
