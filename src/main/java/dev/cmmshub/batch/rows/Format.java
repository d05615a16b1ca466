package dev.cmmshub.batch.rows;

import dev.cmmshub.message.Payloads;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What files of records may be. */
public enum Format {
  /** A JSON document a line. */
  NDJSON("application/x-ndjson", "application/jsonl", "application/ndjson"),
  /** With the names of its columns in the first line; separated by comma, semicolon or tab. */
  CSV("text/csv"),
  /** A root element whose children are the records. */
  XML("application/xml", "text/xml");

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final int BUFFER = 1 << 16;

  private final String[] types;

  Format(String... types) {
    this.types = types;
  }

  /** By the media type of a request. */
  public static Optional<Format> ofType(String contentType) {
    String type = Payloads.mediaType(contentType);
    return Arrays.stream(values())
        .filter(one -> Arrays.asList(one.types).contains(type))
        .findFirst();
  }

  /** By the end of a file's name; a {@code .gz} behind it does not matter. */
  public static Optional<Format> ofName(String file) {
    String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return Optional.of(CSV);
    }
    if (name.endsWith(".xml")) {
      return Optional.of(XML);
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl")
        ? Optional.of(NDJSON)
        : Optional.empty();
  }

  /** The media type by which it is sent. */
  public String type() {
    return types[0];
  }

  /** Reads a file from its begin. */
  public Rows read(InputStream file, int longest) throws IOException {
    return read(file, longest, Start.BEGIN, 0, Long.MAX_VALUE);
  }

  /**
   * Reads a file, zipped by gzip or not.
   *
   * @param longest characters that a row may have
   * @param start what lies before
   * @param offset of the file at which these bytes begin
   * @param most bytes that it may have, unzipped
   * @throws BrokenFileException when it cannot be read at all
   */
  public Rows read(InputStream file, int longest, Start start, long offset, long most)
      throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(file, BUFFER);
    // Nobody can go on inside a zipped file: where its lines begin is of no use.
    boolean isZipped = isZipped(buffered);
    InputStream plain = new Bounded(isZipped ? unzipped(buffered) : buffered, most);
    LineOffsets lines = new LineOffsets(plain, offset, start.line(), !isZipped);
    return switch (this) {
      case NDJSON -> new NdjsonRows(lines, longest, start);
      case CSV -> CsvRows.open(lines, longest, start);
      case XML -> XmlRows.open(plain);
    };
  }

  private static boolean isZipped(InputStream file) throws IOException {
    file.mark(2);
    int first = file.read();
    int second = file.read();
    file.reset();
    return first == GZIP_FIRST && second == GZIP_SECOND;
  }

  private static InputStream unzipped(InputStream file) throws IOException {
    try {
      return new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER);
    } catch (ZipException e) {
      throw new BrokenFileException(0, 0, "not valid gzip: " + e.getMessage());
    }
  }
}
