package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of files, good ones and bad ones, and where the bad ones are. */
class RowsTest {
  private static final int LONGEST = 2_000;

  private static List<Row> read(Format format, String text) throws IOException {
    return read(format, new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<Row> read(Format format, InputStream file) throws IOException {
    List<Row> all = new ArrayList<>();
    try (Rows rows = format.read(file, LONGEST)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  private static List<String> records(List<Row> rows) {
    return rows.stream().map(row -> row.record() == null ? "-" : row.record().toString()).toList();
  }

  @Test
  void anObjectALineWhateverEndsTheLines() throws IOException {
    List<Row> rows = read(Format.NDJSON, "\uFEFF{\"a\":1}\r\n\n  \n{\"a\":\"\u00e4\"}\n{\"a\":3}");
    assertThat(records(rows)).containsExactly("{\"a\":1}", "{\"a\":\"\u00e4\"}", "{\"a\":3}");
    assertThat(rows).extracting(Row::line).containsExactly(1L, 4L, 5L);
    assertThat(rows).extracting(Row::number).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLineThatIsNoObjectIsThatLinesFault() throws IOException {
    String long1 = "{\"a\":\"" + "x".repeat(LONGEST) + "\"}";
    List<Row> rows = read(Format.NDJSON, "{\"a\":1}\n{\"a\":}\n[1]\n" + long1 + "\n{\"a\":5}\n");
    assertThat(records(rows)).containsExactly("{\"a\":1}", "-", "-", "-", "{\"a\":5}");
    assertThat(rows.get(1).fault().column()).isEqualTo(6);
    assertThat(rows.get(1).fault().reason())
        .startsWith("not valid JSON: ")
        .doesNotContain("line 1");
    assertThat(rows.get(1).fault().text()).isEqualTo("{\"a\":}");
    assertThat(rows.get(2).fault().reason()).isEqualTo("expected a JSON object");
    assertThat(rows.get(3).fault().reason()).isEqualTo("expected at most 2000 bytes");
    assertThat(rows.get(3).fault().text()).hasSizeLessThan(LONGEST);
    assertThat(rows.get(4).line()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"','", ";", "'\t'"})
  void namesOfColumnsMakeTrees(String separator) throws IOException {
    String text =
        "\uFEFFPart,Plant.Id,Plant.Stock\r\nP1,1710,\"4,5\"\r\n\r\n\"P\n\"\"2\"\"\",,7\r\n"
            .replace(",", separator)
            .replace("4" + separator + "5", "4" + separator + "5");
    List<Row> rows = read(Format.CSV, text);
    assertThat(records(rows))
        .containsExactly(
            "{\"Part\":\"P1\",\"Plant\":{\"Id\":\"1710\",\"Stock\":\"4"
                + (separator.equals("\t") ? "\\t" : separator)
                + "5\"}}",
            "{\"Part\":\"P\\n\\\"2\\\"\",\"Plant\":{\"Stock\":\"7\"}}");
    assertThat(rows).extracting(Row::line).containsExactly(2L, 4L);
  }

  @Test
  void aRowWithOtherFieldsThanNamesIsThatRowsFault() throws IOException {
    List<Row> rows = read(Format.CSV, "a,b\n1\n1,2,3\n1,2\n");
    assertThat(records(rows)).containsExactly("-", "-", "{\"a\":\"1\",\"b\":\"2\"}");
    assertThat(rows.get(0).fault().column()).isEqualTo(2);
    assertThat(rows.get(1).fault().column()).isEqualTo(3);
    assertThat(rows.get(1).fault().reason())
        .isEqualTo("expected 2 fields as in the first line, found 3");
    assertThat(rows.get(1).fault().text()).isEqualTo("1,2,3");
  }

  @Test
  void aFileThatCannotBeReadSaysWhere() {
    assertThatThrownBy(() -> read(Format.CSV, "")).hasMessageContaining("names of columns");
    assertThatThrownBy(() -> read(Format.CSV, "a,,c\n")).hasMessageContaining("column 2");
    assertThatThrownBy(() -> read(Format.CSV, "a,b,a\n"))
        .hasMessageContaining("'a' is there twice");
    assertThatThrownBy(() -> read(Format.CSV, "a,b\n\"1" + "x".repeat(1 << 20)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageStartingWith("not valid CSV: ");
    assertThatThrownBy(() -> read(Format.XML, "<a><b>1</b>\n<b>2</c></a>"))
        .isInstanceOfSatisfying(BrokenFileException.class, e -> assertThat(e.line()).isEqualTo(2));
    assertThatThrownBy(() -> read(Format.XML, "<!DOCTYPE a []><a/>"))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("document type");
    assertThatThrownBy(() -> read(Format.XML, "")).isInstanceOf(BrokenFileException.class);
  }

  @Test
  void childrenOfTheRootAreRecords() throws IOException {
    List<Row> rows =
        read(
            Format.XML,
            "<?xml version='1.0'?>\n<Parts xmlns='urn:x'>\n <Part id='1'><No>P1</No></Part>\n"
                + " <!-- none --> <Part><No>P2</No><No>P3</No></Part>\n</Parts>");
    assertThat(records(rows))
        .containsExactly(
            "{\"Part\":{\"@id\":\"1\",\"No\":\"P1\"}}", "{\"Part\":{\"No\":[\"P2\",\"P3\"]}}");
    assertThat(rows).extracting(Row::line).containsExactly(3L, 4L);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void zippedFilesAreUnzipped(Format format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      String text =
          switch (format) {
            case NDJSON -> "{\"a\":\"1\"}\n";
            case CSV -> "a\n1\n";
            case XML -> "<r><a>1</a></r>";
          };
      zip.write(text.getBytes(UTF_8));
    }
    assertThat(records(read(format, new ByteArrayInputStream(bytes.toByteArray()))))
        .containsExactly("{\"a\":\"1\"}");
  }

  /** Of ten gigabytes no more is read than what buffers hold. */
  @ParameterizedTest
  @EnumSource(Format.class)
  void rowsAreReadWhenTheyAreAskedFor(Format format) throws IOException {
    Endless file = new Endless(format, 10_000_000);
    try (Rows rows = format.read(file, LONGEST)) {
      for (int i = 1; i <= 5_000; i++) {
        assertThat(rows.next().fault()).isNull();
        assertThat(file.row - i).isLessThan(300);
      }
    }
  }

  @Test
  void formatsAreKnownByTypeAndName() {
    assertThat(Format.ofType("text/csv; charset=utf-8")).contains(Format.CSV);
    assertThat(Format.ofType("application/x-ndjson")).contains(Format.NDJSON);
    assertThat(Format.ofType("application/pdf")).isEmpty();
    assertThat(Format.ofName("Parts.CSV.gz")).contains(Format.CSV);
    assertThat(Format.ofName("parts.jsonl")).contains(Format.NDJSON);
    assertThat(Format.ofName("parts")).isEmpty();
  }

  /** So many rows of a kilobyte, made when they are asked for. */
  private static final class Endless extends InputStream {
    private static final String FILLING = "x".repeat(1_000);
    private final Format format;
    private final int rows;
    private int row = -1;
    private byte[] now = new byte[0];
    private int at;

    Endless(Format format, int rows) {
      this.format = format;
      this.rows = rows;
    }

    private String part() {
      boolean isLast = row == rows;
      return switch (format) {
        case NDJSON -> row < 0 || isLast ? "\n" : "{\"a\":\"" + FILLING + "\"}\n";
        case CSV -> row < 0 ? "a\n" : isLast ? "\n" : FILLING + "\n";
        case XML -> row < 0 ? "<r>" : isLast ? "</r>" : "<a>" + FILLING + "</a>\n";
      };
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) {
      if (at == now.length) {
        if (row > rows) {
          return -1;
        }
        now = part().getBytes(UTF_8);
        at = 0;
        row++;
      }
      int count = Math.min(most, now.length - at);
      System.arraycopy(now, at, into, from, count);
      at += count;
      return count;
    }
  }
}
