package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.gateway.cloudevents.CloudEvent;
import dev.cmmshub.gateway.cloudevents.StructuredMode;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the attributes of a CloudEvents event add to what its data tells. */
class EventReaderTest {
  @TempDir private Path folder;
  private EventReader reader;
  private Tenant tenant;

  /** A connector of a system whose data need not tell id and version. */
  @BeforeEach
  void connector() throws IOException {
    Path thin = Files.createDirectories(folder.resolve("thin/mappings"));
    Files.writeString(
        thin.resolve("envelope.jslt"),
        "{\"entity\": .kind, \"externalId\": .number, \"version\": .revision, \"action\": .what}");
    Files.writeString(
        folder.resolve("thin/connector.yaml"),
        """
        name: thin
        title: Thin notifications
        version: 1
        contentTypes: [application/json]
        envelope: mappings/envelope.jslt
        entities:
          workorder: {fromErp: true}
        """);
    Files.writeString(thin.resolve("workorder.from-erp.jslt"), "{}");
    reader =
        new EventReader(
            new ConnectorFolders().read(folder),
            new MappingCache(FunctionLibrary.load()),
            Clock.systemUTC());
    tenant =
        new Tenant(
            "acme",
            true,
            List.of(),
            Map.of("erp", new TenantSystem("erp", "thin", true, Map.of())),
            List.of(),
            Map.of(),
            RetryPolicy.DEFAULT,
            Limits.DEFAULT,
            List.of(),
            Optional.empty());
  }

  private Event read(String attributes, String data) {
    CloudEvent event =
        StructuredMode.read(
            ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/erp\",\"type\":\"changed\""
                    + attributes
                    + ",\"data\":"
                    + data
                    + "}")
                .getBytes(UTF_8));
    return reader.read(tenant, "erp", new CloudEventContext(event), event.data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`,\"sequence\":\"7\",\"time\":\"2026-01-31T08:00:00Z\"` | 12 | 12",
        "`,\"sequence\":\"7\",\"time\":\"2026-01-31T08:00:00Z\"` | null | 7",
        "`,\"sequence\":7` | null | 7",
        "`,\"sequence\":\"b7\",\"time\":\"1970-01-01T00:00:01.5Z\"` | null | 1500",
        "`,\"time\":\"1970-01-01T01:00:01+01:00\"` | null | 1000"
      })
  void theVersionIsTheDatasThenTheSequenceThenTheTime(
      String attributes, String revision, long version) {
    String data = "{\"kind\":\"workorder\",\"number\":\"4711\",\"revision\":" + revision + "}";
    assertThat(read(attributes, data).version()).isEqualTo(version);
  }

  @Test
  void withoutAnyVersionThereIsNoOrder() {
    assertThatThrownBy(() -> read("", "{\"kind\":\"workorder\",\"number\":\"4711\"}"))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code()).isEqualTo("no-version"));
  }

  @ParameterizedTest
  @CsvSource({
    "workorder/4711, 9, 9",
    "workorder/4711,, 4711",
    "4711,, 4711",
    "other/4711,, other/4711",
  })
  void theObjectIsTheDatasThenTheSubjects(String subject, String number, String externalId) {
    String data =
        "{\"kind\":\"workorder\",\"revision\":1"
            + (number == null ? "" : ",\"number\":\"" + number + "\"")
            + "}";
    assertThat(read(",\"subject\":\"" + subject + "\"", data).key().externalId())
        .isEqualTo(externalId);
  }

  @Test
  void aTypeOfTheHubsOwnFormSaysWhatHappened() {
    String data = "{\"kind\":\"workorder\",\"number\":\"1\",\"revision\":1,\"what\":\"released\"}";
    assertThat(read("", data).topicOfInterest()).isEqualTo("workorder.released");
    assertThat(of("dev.cmmshub.workorder.closed.v1", data).topicOfInterest())
        .isEqualTo("workorder.closed");
    assertThat(of("com.sap.workorder.closed.v1", data).topicOfInterest())
        .isEqualTo("workorder.released");
    assertThatThrownBy(() -> of("dev.cmmshub.part.closed.v1", data))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo("type-mismatch"));
  }

  private Event of(String type, String data) {
    CloudEvent event =
        StructuredMode.read(
            ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/erp\",\"type\":\""
                    + type
                    + "\",\"data\":"
                    + data
                    + "}")
                .getBytes(UTF_8));
    return reader.read(tenant, "erp", new CloudEventContext(event), event.data());
  }

  @Test
  void sourceAndIdNameTheEventAndNothingSaysWhoseItIs() {
    String data = "{\"kind\":\"workorder\",\"number\":\"1\",\"revision\":1}";
    Event event =
        read(
            ",\"correlationid\":\"c-1\",\"causationid\":\"e-0\",\"tenantid\":\"river\","
                + "\"partitionkey\":\"river|erp|workorder|1\"",
            data);
    assertThat(event.key().toString()).isEqualTo("acme|erp|workorder|1");
    assertThat(event.correlationId()).isEqualTo("c-1");
    assertThat(event.causationId()).isEqualTo("e-0");
    Event again = read("", "{\"kind\":\"workorder\",\"number\":\"2\",\"revision\":5}");
    assertThat(again.id()).isEqualTo(event.id());
    assertThat(again.correlationId()).isNotEqualTo("c-1");
  }
}
