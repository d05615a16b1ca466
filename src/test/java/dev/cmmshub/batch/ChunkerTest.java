package dev.cmmshub.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.batch.rows.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How files are cut, and what their pieces are in Kafka. */
class ChunkerTest {
  private static List<Chunker.Chunk> chunks(String text) throws IOException {
    Chunker chunker =
        new Chunker(Format.NDJSON.read(new ByteArrayInputStream(text.getBytes(UTF_8)), 2 << 20));
    List<Chunker.Chunk> all = new ArrayList<>();
    for (Chunker.Chunk chunk = chunker.next(); chunk != null; chunk = chunker.next()) {
      all.add(chunk);
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
    List<Chunker.Chunk> many = chunks(rows(2_500, 10));
    assertThat(many).extracting(chunk -> chunk.rows().size()).containsExactly(1_000, 1_000, 500);
    assertThat(many).extracting(Chunker.Chunk::firstRow).containsExactly(1L, 1_001L, 2_001L);
    assertThat(many).extracting(Chunker.Chunk::number).containsExactly(0, 1, 2);
    List<Chunker.Chunk> large = chunks(rows(50, 100_000));
    assertThat(large).hasSizeBetween(5, 6);
    assertThat(large).allMatch(chunk -> RowsRecord.write(chunk.rows()).length < (1 << 20) + 1_000);
    assertThat(chunks(rows(3, 900_000))).hasSize(3);
    assertThat(chunks("")).isEmpty();
  }

  @Test
  void theSameFileIsCutInTheSamePlaces() throws IOException {
    String text = rows(300, 7_000) + "broken\n" + rows(1_500, 5);
    List<Chunker.Chunk> once = chunks(text);
    assertThat(once.size()).isEqualTo(4);
    assertThat(once.equals(chunks(text))).isTrue();
  }

  @Test
  void rowsComeOutOfKafkaAsTheyWentIn() throws IOException {
    List<Row> rows = chunks("{\"a\":[1.50,null,\"\u00e4\"]}\nbro\"ken\n{}\n").get(0).rows();
    assertThat(rows.get(1).fault()).isNotNull();
    assertThat(RowsRecord.read(RowsRecord.write(rows))).isEqualTo(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[1]", "[[1,2]]", "[[1,2,{}]", "[[1,2,{},4]]", "x"})
  void whatIsNoRowsIsToldSo(String value) {
    assertThatThrownBy(() -> RowsRecord.read(value.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no rows");
  }
}
