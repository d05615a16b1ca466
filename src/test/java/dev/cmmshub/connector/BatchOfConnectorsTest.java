package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.tenant.BatchDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code batch} of a manifest may say. */
class BatchOfConnectorsTest {
  @TempDir private Path folder;

  @BeforeEach
  void anotherSap() throws IOException {
    Path original = Path.of("connectors/sap-s4hana");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, folder.resolve("sap-s4hana").resolve(original.relativize(file)));
      }
    }
  }

  private List<BatchDefinition> read(String batch) throws IOException {
    Path manifest = folder.resolve("sap-s4hana/connector.yaml");
    Files.writeString(manifest, "batch:\n" + batch + "\n" + Files.readString(manifest));
    return new ConnectorFolders().read(folder).get("sap-s4hana").batch();
  }

  @Test
  void itIsForEachSystem() throws IOException {
    assertThat(
            read(
                """
                - {id: assets, entities: [asset], schedule: 0 1 * * *}
                - {id: parts, entities: [part], schedule: 0 2 * * *, after: [assets]}
                """))
        .extracting(BatchDefinition::id, BatchDefinition::system, BatchDefinition::after)
        .hasSize(2)
        .last()
        .hasToString("(\"parts\", \"\", [\"assets\"])");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entities: [prat], schedule: 0 2 * * *                     | 2:26 | did you mean part?",
        "entities: [part], schedule: 0 2 * * mno                   | 2:43 | expected minute, hour",
        "entities: [part]                                          | 2:3  | 'schedule' is missing",
        "entities: [part], schedule: 0 2 * * *, after: [assets]    | 2:62 | expected the id of another definition",
        "entities: [part], schedule: 0 2 * * *, system: sap        | 2:54 | unknown field 'system'",
      })
  void mistakesAreNamedWithTheirPlace(String fields, String place, String what) {
    assertThatThrownBy(() -> read("- {id: parts, " + fields + "}"))
        .hasMessageContaining("connector.yaml:" + place)
        .hasMessageContaining(what);
  }
}
