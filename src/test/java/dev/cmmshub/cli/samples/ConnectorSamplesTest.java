package dev.cmmshub.cli.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample of every connector gives what its expected file says, and keeps the rules. */
class ConnectorSamplesTest {
  private static final SampleRun RUN = new SampleRun(false);
  private static final Map<String, Connector> CONNECTORS =
      new ConnectorFolders().read(Path.of("connectors"));

  static Stream<Arguments> samples() {
    return CONNECTORS.values().stream()
        .map(SampleSet::of)
        .flatMap(set -> set.samples().stream().map(sample -> Arguments.of(set, sample)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void givesWhatIsExpected(SampleSet set, Sample sample) {
    assertThat(RUN.run(set, sample)).as(sample.file().toString()).isEmpty();
  }

  @Test
  void aFileThatIsNoSampleIsTold(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("workorder.from-sap.released.json"), "{}");
    assertThatThrownBy(() -> Sample.in(folder))
        .hasMessageContaining("workorder.from-sap.released.json")
        .hasMessageContaining("workorder.from-erp.released.json");
  }

  /** What a mapping may give wrong, and what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "workorder.from-erp | {} | {\"envelope\":{\"entity\":\"part\"},\"entity\":{}} | envelope.entity: 'part'",
        "part.from-erp | {} | {\"envelope\":{\"entity\":\"part\",\"version\":\"1\"}} | envelope.version: no whole number",
        "part.from-erp | {} | {\"envelope\":{},\"entity\":{\"tenantId\":\"x\"}} | entity.tenantId: is left to the hub",
        "part.from-erp | {} | {\"envelope\":{},\"entity\":{\"nmber\":\"x\"}} | entity is not canonical",
        "part.to-erp | {} | null | the sample is not canonical",
        "part.to-erp | {} | {\"method\":\"GET\",\"path\":\"x\"} | path: does not begin with /",
        "part.lookup | {} | {\"path\":\"x\"} | path: does not begin with /",
        "part.found | {} | true | the sample has no status",
        "part.found | {\"status\":200} | {} | expected true or false",
        "page | {} | {\"recrods\":[]} | expected nothing but",
        "page | {} | {\"records\":[{}]} | records: the envelope does not recognise {}",
      })
  void tellsWhatAMappingGivesWrong(String mapping, String input, String result, String told) {
    String[] parts = mapping.split("\\.");
    Sample sample =
        new Sample(
            Path.of(mapping),
            parts[0],
            parts.length > 1 ? Optional.of(parts[1]) : Optional.empty(),
            "x",
            "json");
    List<String> broken =
        new SampleRules(new CanonicalSchemas(), record -> record)
            .brokenBy(sample, json(input), json(result));
    assertThat(broken).anyMatch(one -> one.contains(told));
  }

  private static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
