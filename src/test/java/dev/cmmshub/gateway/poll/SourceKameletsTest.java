package dev.cmmshub.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.connector.PolledCmms;
import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.connector.PolledOdoo;
import dev.cmmshub.connector.PolledSap;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;

/** The sources as they run: real Kamelets against HTTP servers that speak the systems' language. */
class SourceKameletsTest {
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00Z");

  private static RunningSource sap(PolledSap erp) throws Exception {
    return new RunningSource(
        "sap-s4hana",
        "workorder",
        Map.of(
            "baseUrl",
            erp.url(),
            "username",
            PolledSap.USER,
            "password",
            PolledErp.SECRET,
            "limit",
            "3"));
  }

  private static RunningSource odoo(PolledOdoo erp) throws Exception {
    return new RunningSource(
        "odoo",
        "asset",
        Map.of("baseUrl", erp.url(), "apiKey", PolledErp.SECRET, "database", "acme", "limit", "3"));
  }

  private static RunningSource cmms(PolledCmms erp) throws Exception {
    return new RunningSource(
        "cmms-rest",
        "workorder",
        Map.of("baseUrl", erp.url(), "apiToken", PolledErp.SECRET, "limit", "3"));
  }

  @Test
  void sapGivesWhatChangedSinceAndNothingElse() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      erp.put("4000001", NOON.minusSeconds(1));
      erp.put("4000002", NOON);
      erp.put("4000003", NOON.plusSeconds(1));
      assertThat(source.all(NOON.toString()))
          .extracting(order -> order.get("MaintenanceOrder").asText())
          .containsExactly("4000002", "4000003");
      assertThat(erp.asked())
          .containsExactly(
              "GET /sap/opu/odata/sap/API_MAINTENANCEORDER/MaintenanceOrder?$filter="
                  + "LastChangeDateTime ge datetimeoffset'2026-03-06T12:00:00Z'"
                  + "&$orderby=LastChangeDateTime,MaintenanceOrder&$top=3&sap-language=EN"
                  + "&$expand=to_MaintenanceOrderOperation/to_MaintOrderOpComponent");
    }
  }

  @Test
  void anIdleSourceEndsAndTheNextQuestionStartsItAgain() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      erp.put("4000002", NOON);
      int none = source.routesAfterEnding(Duration.ZERO);
      for (int i = 0; i < 3; i++) {
        assertThat(source.all(NOON.toString())).hasSize(1);
        assertThat(source.routesAfterEnding(Duration.ofMinutes(15))).isGreaterThan(none);
        assertThat(source.routesAfterEnding(Duration.ZERO)).isEqualTo(none);
      }
    }
  }

  @Test
  void sapIsReadPageByPageEvenWhereAllChangedInOneSecond() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      for (int i = 10; i < 20; i++) {
        erp.put("40000" + i, NOON);
      }
      erp.put("A'B&C=D %+#/ü", NOON);
      erp.put("9999999", NOON.minusMillis(1));
      assertThat(source.all("1970-01-01T00:00:00Z"))
          .extracting(order -> order.get("MaintenanceOrder").asText())
          .hasSize(12)
          .doesNotHaveDuplicates()
          .startsWith("9999999", "4000010")
          .endsWith("A'B&C=D %+#/ü");
      assertThat(erp.asked()).hasSize(5);
    }
  }

  /** With $skip or a skip token the second page would begin one order too late. */
  @Test
  void whatChangesBetweenTwoPagesMovesNothingOverTheEdge() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      for (int i = 1; i <= 6; i++) {
        erp.put("400000" + i, NOON.plusSeconds(i));
      }
      erp.afterPage(() -> erp.put("4000001", NOON.plusSeconds(60)));
      assertThat(source.all(NOON.toString()))
          .extracting(order -> order.get("MaintenanceOrder").asText())
          .containsExactly(
              "4000001", "4000002", "4000003", "4000004", "4000005", "4000006", "4000001");
    }
  }

  @Test
  void aServiceWithSmallerPagesIsReadToTheEndWithoutFollowingItsLink() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      for (int i = 1; i <= 5; i++) {
        erp.put("400000" + i, NOON.plusSeconds(i));
      }
      erp.limit(2);
      assertThat(source.all(NOON.toString())).hasSize(5);
      assertThat(erp.asked()).hasSize(3);
    }
  }

  @Test
  void odooIsReadBySecondsAndOneSecondThatFillsAPageById() throws Exception {
    try (PolledOdoo erp = new PolledOdoo();
        RunningSource source = odoo(erp)) {
      erp.put(90, NOON.minusSeconds(60));
      // One transaction, and within its second one that was written a little earlier.
      erp.put(70, NOON.plusNanos(100_000_000));
      for (int id = 1; id <= 8; id++) {
        erp.put(id, NOON.plusNanos(500_000_000));
      }
      erp.put(3, NOON.plusSeconds(1));
      erp.put(4, NOON.plusSeconds(2));
      assertThat(source.all("2026-03-06T11:59:00Z"))
          .extracting(record -> record.get("id").asInt())
          .contains(90, 70, 1, 2, 3, 4, 5, 6, 7, 8)
          .endsWith(4);
      assertThat(source.ask(Map.of("since", NOON.toString())).records())
          .allSatisfy(
              record ->
                  assertThat(record.get("_model").asText()).isEqualTo("maintenance.equipment"));
      assertThat(source.ask(Map.of("since", NOON.plusSeconds(3).toString())))
          .isEqualTo(new Page(java.util.List.of(), null, Map.of()));
    }
  }

  @Test
  void aCmmsIsReadByItsCursor() throws Exception {
    try (PolledCmms erp = new PolledCmms();
        RunningSource source = cmms(erp)) {
      for (int i = 1; i <= 7; i++) {
        erp.put("WO-" + i, i, NOON.plusMillis(i));
      }
      assertThat(source.all(NOON.plusMillis(2).toString()))
          .extracting(order -> order.get("id").asText())
          .containsExactly("WO-2", "WO-3", "WO-4", "WO-5", "WO-6", "WO-7");
      assertThat(source.ask(Map.of("since", NOON.toString())).changedUntil())
          .isEqualTo(NOON.plusMillis(3));
    }
  }

  @Test
  void whatIsNoPageIsAnErrorAndNeverAnEmptyPage() throws Exception {
    try (PolledSap sap = new PolledSap();
        PolledOdoo odoo = new PolledOdoo();
        PolledCmms cmms = new PolledCmms();
        RunningSource one = sap(sap);
        RunningSource two = odoo(odoo);
        RunningSource three = cmms(cmms)) {
      Map<String, String> since = Map.of("since", NOON.toString());
      for (String answer : new String[] {"{}", "{\"d\":{}}", "<html/>", ""}) {
        sap.answerRaw(answer);
        odoo.answerRaw(answer);
        cmms.answerRaw(answer);
        assertThatThrownBy(() -> one.ask(since)).as(answer).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> two.ask(since)).as(answer).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> three.ask(since)).as(answer).isInstanceOf(RuntimeException.class);
      }
      sap.answerRaw("[" + " ".repeat(11 << 20) + "]");
      assertThatThrownBy(() -> one.ask(since)).hasMessageContaining("more than 10 MB");
    }
  }

  @Test
  void answersButSuccessRaiseAndAreAskedForOnce() throws Exception {
    try (PolledSap sap = new PolledSap();
        PolledOdoo odoo = new PolledOdoo();
        PolledCmms cmms = new PolledCmms();
        RunningSource one = sap(sap);
        RunningSource two = odoo(odoo);
        RunningSource three = cmms(cmms)) {
      for (int status : new int[] {302, 401, 404, 429, 500, 503}) {
        assertThat(statusOf(sap, one, status)).isEqualTo(status);
        assertThat(statusOf(odoo, two, status)).isEqualTo(status);
        assertThat(statusOf(cmms, three, status)).isEqualTo(status);
      }
    }
  }

  private static int statusOf(PolledErp erp, RunningSource source, int status) {
    erp.answer(status);
    int before = erp.asked().size();
    Throwable raised =
        org.assertj.core.api.Assertions.catchThrowable(
            () -> source.ask(Map.of("since", NOON.toString())));
    assertThat(raised).isInstanceOf(HttpOperationFailedException.class);
    assertThat(erp.asked()).hasSize(before + 1);
    return ((HttpOperationFailedException) raised).getStatusCode();
  }

  @Test
  void changedParametersStartTheSourceAnewAndAMissingOneIsNamed() throws Exception {
    try (PolledSap erp = new PolledSap();
        RunningSource source = sap(erp)) {
      Map<String, String> since = Map.of("since", NOON.toString());
      source.set("password", "old");
      assertThatThrownBy(() -> source.ask(since)).hasMessageContaining("401");
      source.set("password", PolledErp.SECRET);
      assertThat(source.ask(since).records()).isEmpty();
    }
    try (RunningSource source = new RunningSource("odoo", "asset", Map.of("baseUrl", "http://x"))) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> source.ask(Map.of("since", NOON.toString())))
            .hasMessageContaining("apiKey")
            .hasMessageContaining("check the system's parameters");
      }
    }
  }
}
