package dev.cmmshub.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkRecordTest {
  private static final UUID JOB = UUID.randomUUID();

  /** Each row's bytes are as they stood in the file, whatever stands before and behind it. */
  @Test
  void whatIsWrittenIsRead() {
    List<String> lines =
        List.of(
            "{\"a\":1.10}",
            " { \"b\" : [1, {\"c\": \"}]\"}] }\r",
            "{\"Größe\":\"Ø 3 µm, 😀\"}",
            "{}",
            "{\"d\":\"" + "x".repeat(20_000) + "\"}");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      byte[] data = lines.get(i).getBytes(UTF_8);
      rows.add(Row.read(i + 1, i + 2, Json.read(data), data));
    }
    rows.add(1, Row.unread(9, 10, new Row.Fault(3, "expected \"a\"", "{\\é\n")));

    Chunk read = ChunkRecord.read(ChunkRecord.write(new Chunk(JOB, 7, "part", rows)));

    assertThat(read.job()).isEqualTo(JOB);
    assertThat(read.number()).isEqualTo(7);
    assertThat(read.entity()).isEqualTo("part");
    assertThat(read.rows()).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      Row expected = rows.get(i);
      Row found = read.rows().get(i);
      assertThat(found.number()).isEqualTo(expected.number());
      assertThat(found.line()).isEqualTo(expected.line());
      assertThat(found.record()).isEqualTo(expected.record());
      assertThat(found.fault()).isEqualTo(expected.fault());
      assertThat(text(found)).isEqualTo(text(expected));
    }
  }

  private static String text(Row row) {
    return row.data() == null ? "" : new String(row.data(), UTF_8).strip();
  }

  @Test
  void aChunkOfAnyEntityNamesNone() {
    byte[] data = "{}".getBytes(UTF_8);
    Row row = Row.read(1, 1, Json.read(data), data);
    byte[] value = ChunkRecord.write(new Chunk(JOB, 0, null, List.of(row)));
    assertThat(ChunkRecord.read(value).entity()).isNull();
    byte[] half = Arrays.copyOf(value, value.length - 1);
    assertThatThrownBy(() -> ChunkRecord.read(half)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "[1]",
        "[[1,2,{}]",
        "[\"$\",0,null]",
        "[\"$\",0,null,[1,1,null]]",
        "[\"$\",0,null,[1,1,\"x\"]]",
        "[\"$\",0,null,[1,{}]]",
        "[\"$\",0,null,[1,1,{},3]]",
        "[\"$\",0,null,[1,1,null,0,\"reason\"]]",
        "[\"$\",-1,null,[1,1,{}]]"
      })
  void whatNobodyWroteIsRefused(String text) {
    byte[] value = text.replace("$", JOB.toString()).getBytes(UTF_8);
    assertThatThrownBy(() -> ChunkRecord.read(value)).isInstanceOf(IllegalArgumentException.class);
  }
}
