package dev.cmmshub.batch;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.batch.rows.Rows;
import dev.cmmshub.message.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
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

  private static List<Row> read(Format format, byte[] file) throws IOException {
    List<Row> all = new ArrayList<>();
    try (Rows rows = format.read(new ByteArrayInputStream(file), 10 << 20)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  private static List<Row> sent(List<Row> rows) {
    return ChunkRecord.read(ChunkRecord.write(new Chunk(JOB, 0, null, rows))).rows();
  }

  /** Files put one behind the other, each with a mark of its own, and Windows' own encoding. */
  @Test
  void whatTheParserTakesBesidesUtf8IsWrittenAnew() throws IOException {
    byte[] joined = "\uFEFF{\"a\":1}\n\uFEFF {\"a\":2}\n{\"a\":3}\n".getBytes(UTF_8);
    assertThat(sent(read(Format.NDJSON, joined)))
        .extracting(row -> new String(row.data(), UTF_8))
        .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    for (Charset odd : List.of(UTF_16LE, UTF_16BE)) {
      for (String mark : List.of("", "\uFEFF")) {
        List<Row> rows = read(Format.NDJSON, (mark + "{\"a\":1}\n{\"a\":2}\n").getBytes(odd));
        assertThat(sent(rows))
            .extracting(Row::record)
            .isEqualTo(rows.stream().map(Row::record).toList());
      }
    }
  }

  /** A row may be as deep and a wrong one as long as it may be alone. */
  @Test
  void whatARowMayBeItMayBeInAChunk() throws IOException {
    String deepest = "{\"a\":".repeat(63) + "{}" + "}".repeat(63);
    String array = "[\"" + "x".repeat(600_000) + "\",\"" + "\ud83d\ude00".repeat(300_000) + "\"]";
    List<Row> rows = sent(read(Format.NDJSON, (deepest + "\n" + array + "\n").getBytes(UTF_8)));
    assertThat(new String(rows.get(0).data(), UTF_8)).isEqualTo(deepest);
    assertThat(rows.get(1).fault().reason()).isEqualTo("expected a JSON object");
    assertThat(rows.get(1).fault().text()).hasSize(1 << 16);
    String xml = "<a>".repeat(64) + "</a>".repeat(64);
    assertThat(sent(read(Format.XML, ("<all>" + xml + "</all>").getBytes(UTF_8)))).hasSize(1);
    String smiles = "x" + "\ud83d\ude00".repeat(40_000);
    assertThat(new Row.Fault(0, "", smiles).text()).hasSize((1 << 16) - 1);
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
        "[\"$\",0,null,[1,1]]",
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
