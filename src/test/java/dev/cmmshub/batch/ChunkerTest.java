package dev.cmmshub.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.batch.rows.Start;
import dev.cmmshub.store.bulk.BulkReceived;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {
  private static final UUID JOB = UUID.randomUUID();

  private static List<List<Row>> chunks(String text) throws IOException {
    return chunks(text, BulkReceived.NOTHING, Start.BEGIN, new ArrayList<>());
  }

  private static List<List<Row>> chunks(
      String text, BulkReceived before, Start start, List<BulkReceived> after) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    int from = start == Start.BEGIN ? 0 : (int) before.bytes();
    ByteArrayInputStream rest = new ByteArrayInputStream(bytes, from, bytes.length - from);
    Format format = text.startsWith("a") || text.startsWith("\uFEFF") ? Format.CSV : Format.NDJSON;
    List<List<Row>> all = new ArrayList<>();
    try (Chunker chunker =
        new Chunker(format.read(rest, 2 << 20, start, from, Long.MAX_VALUE), before)) {
      for (List<Row> rows = chunker.next(); !rows.isEmpty(); rows = chunker.next()) {
        all.add(rows);
        after.add(chunker.received());
      }
    }
    return all;
  }

  private static String rows(int count, int size) {
    String filling = "x".repeat(size);
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"i\":" + i + ",\"f\":\"" + filling + "\"}\n")
        .collect(Collectors.joining());
  }

  @Test
  void aChunkHasAThousandRowsOrAMegabyte() throws IOException {
    List<List<Row>> many = chunks(rows(2_500, 10));
    assertThat(many).extracting(List::size).containsExactly(1_000, 1_000, 500);
    assertThat(many).extracting(rows -> rows.get(0).number()).containsExactly(1L, 1_001L, 2_001L);
    List<List<Row>> large = chunks(rows(50, 100_000));
    assertThat(large).hasSizeBetween(5, 6);
    assertThat(large).allMatch(rows -> written(rows).length < (1 << 20) + 1_000);
    assertThat(chunks(rows(3, 900_000))).hasSize(3);
    assertThat(chunks("")).isEmpty();
  }

  @Test
  void theSameFileIsCutInTheSamePlaces() throws IOException {
    String text = rows(300, 7_000) + "broken\n" + rows(1_500, 5);
    List<List<Row>> once = chunks(text);
    assertThat(once.size()).isEqualTo(4);
    assertThat(texts(once).equals(texts(chunks(text)))).isTrue();
  }

  /** What is gone on with gives the rows that are left, in the same chunks, however it is sent. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void aFileIsGoneOnWithWhereItWasLeft(String end) throws IOException {
    String csv =
        "\uFEFFid;n.a\n"
            + IntStream.range(0, 2_500)
                .mapToObj(i -> i % 7 == 0 ? i + ";\"a\n\u00e4" + i + "\"\n" : i + ";b\n")
                .collect(Collectors.joining());
    for (String text : List.of(csv.replace("\n", end), rows(2_500, 3).replace("\n", end))) {
      List<BulkReceived> places = new ArrayList<>();
      List<List<Row>> all = chunks(text, BulkReceived.NOTHING, Start.BEGIN, places);
      assertThat(all).hasSize(3);
      for (int i = 0; i < 3; i++) {
        BulkReceived at = places.get(i);
        List<String> left = texts(all.subList(i + 1, 3));
        assertThat(at.bytes()).isPositive();
        assertThat(at.chunks()).isEqualTo(i + 1);
        assertThat(texts(chunks(text, at, Start.BEGIN, new ArrayList<>()))).isEqualTo(left);
        Start inside = new Start(at.rows(), at.line(), at.place());
        List<BulkReceived> later = new ArrayList<>();
        assertThat(texts(chunks(text, at, inside, later))).isEqualTo(left);
        assertThat(later).isEqualTo(places.subList(i + 1, 3));
      }
    }
  }

  @Test
  void insideOfWhatCannotBeCountedNobodyGoesOn() throws IOException {
    List<BulkReceived> places = new ArrayList<>();
    chunks("a,b\n1,\"x\ry\"\n", BulkReceived.NOTHING, Start.BEGIN, places);
    assertThat(places.get(0).bytes()).isZero();
  }

  private static byte[] written(List<Row> rows) {
    return ChunkRecord.write(new Chunk(JOB, 3, "part", rows));
  }

  private static List<String> texts(List<List<Row>> chunks) {
    return chunks.stream().map(rows -> new String(written(rows), UTF_8)).toList();
  }
}
