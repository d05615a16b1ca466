package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.cmmshub.message.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * RFC 4180, with the names of its columns in the first line. A name with dots is a place in a tree:
 * {@code to_Plant.Plant}. Fields are texts; an empty one is left out.
 */
final class CsvRows implements Rows {
  private static final char[] SEPARATORS = {',', ';', '\t'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int SHORTEST_BUFFER = 1 << 15;

  private final LineOffsets file;
  private final CloseableIterator<CsvRecord> records;
  private final List<String> names;
  private final char separator;
  private final String headerText;
  private final long linesBefore;
  private long number;

  private CsvRows(
      LineOffsets file, CloseableIterator<CsvRecord> records, CsvHeader header, Start start) {
    this.file = file;
    this.records = records;
    this.names = header.names();
    this.separator = header.separator();
    this.headerText = header.text();
    this.linesBefore = start.line() - 1;
    this.number = start.rows();
  }

  static CsvRows open(LineOffsets file, int longest, Start start) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(file, UTF_8), LONGEST_HEADER + 1);
    CsvHeader known = start.header() == null ? null : CsvHeader.read(start.header());
    char separator = known == null ? separator(reader) : known.separator();
    CloseableIterator<CsvRecord> records =
        CsvReader.builder()
            .fieldSeparator(separator)
            .maxBufferSize(Math.max(longest, SHORTEST_BUFFER))
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(reader)
            .iterator();
    if (known != null) {
      return new CsvRows(file, records, known, start);
    }
    CsvRecord header = record(records);
    if (header == null) {
      throw new BrokenFileException(1, 1, "expected the names of columns in the first line");
    }
    CsvHeader told = new CsvHeader(separator, names(header.getFields()));
    return new CsvRows(file, records, told, start);
  }

  @Override
  public String header() {
    return headerText;
  }

  @Override
  public long offset(long line) {
    return file.of(line);
  }

  /** The one of which the first line has most; a byte order mark before it is skipped. */
  private static char separator(Reader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    reader.mark(LONGEST_HEADER);
    int[] counts = new int[SEPARATORS.length];
    int next = reader.read();
    for (int i = 1; i < LONGEST_HEADER && next >= 0 && next != '\n'; i++) {
      for (int one = 0; one < SEPARATORS.length; one++) {
        counts[one] += next == SEPARATORS[one] ? 1 : 0;
      }
      next = reader.read();
    }
    reader.reset();
    int most = 0;
    for (int one = 1; one < SEPARATORS.length; one++) {
      most = counts[one] > counts[most] ? one : most;
    }
    return SEPARATORS[most];
  }

  private static List<String> names(List<String> header) {
    Set<String> known = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i).strip();
      if (name.isEmpty()) {
        throw new BrokenFileException(1, i + 1, "expected a name for column " + (i + 1));
      }
      if (!known.add(name)) {
        throw new BrokenFileException(1, i + 1, "column '" + name + "' is there twice");
      }
    }
    return header.stream().map(String::strip).toList();
  }

  private static CsvRecord record(CloseableIterator<CsvRecord> records) throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (CsvParseException e) {
      throw new BrokenFileException(0, 0, "not valid CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public Row next() throws IOException {
    CsvRecord found = record(records);
    if (found == null) {
      return null;
    }
    number++;
    long line = linesBefore + found.getStartingLineNumber();
    List<String> fields = found.getFields();
    if (fields.size() != names.size()) {
      return Row.unread(
          number,
          line,
          Math.min(fields.size(), names.size()) + 1,
          "expected " + names.size() + " fields as in the first line, found " + fields.size(),
          String.join(String.valueOf(separator), fields));
    }
    ObjectNode record = Json.mapper().createObjectNode();
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).isEmpty()) {
        put(record, names.get(i), fields.get(i));
      }
    }
    return Row.read(number, line, record);
  }

  private static void put(ObjectNode record, String name, String value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      record.put(name, value);
    } else {
      put(record.withObjectProperty(name.substring(0, dot)), name.substring(dot + 1), value);
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
