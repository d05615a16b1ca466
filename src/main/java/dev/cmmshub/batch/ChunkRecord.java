package dev.cmmshub.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The value of a record of {@code hub.bulk}: {@code [job, number, entity, row, row, ...]}, where a
 * row is {@code [number, line, record]} or, of one that cannot be read, {@code [number, line, null,
 * place, reason, text]}.
 */
final class ChunkRecord {
  private static final int USUAL_ROW = 512;

  /** What is read was read before, within the bounds of {@link Json}. */
  private static final JsonFactory UNBOUNDED =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** One of several values. */
  private static final ObjectReader ROW =
      Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ChunkRecord() {}

  static byte[] write(Chunk chunk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(chunk.rows().size() * USUAL_ROW);
    try (JsonGenerator json = Json.mapper().createGenerator(out)) {
      json.writeStartArray();
      json.writeString(chunk.job().toString());
      json.writeNumber(chunk.number());
      json.writeString(chunk.entity());
      for (Row row : chunk.rows()) {
        write(row, json, out);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written", e);
    }
    return out.toByteArray();
  }

  private static void write(Row row, JsonGenerator json, ByteArrayOutputStream out)
      throws IOException {
    json.writeStartArray();
    json.writeNumber(row.number());
    json.writeNumber(row.line());
    if (row.fault() == null) {
      // A comma; what follows it is JSON already.
      json.writeRawValue("");
      json.flush();
      out.writeBytes(row.data());
    } else {
      json.writeNull();
      json.writeNumber(row.fault().column());
      json.writeString(row.fault().reason());
      json.writeString(row.fault().text());
    }
    json.writeEndArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes are nothing that {@link #write} wrote
   */
  static Chunk read(byte[] value) {
    try (JsonParser json = UNBOUNDED.createParser(value)) {
      require(json.nextToken() == JsonToken.START_ARRAY);
      UUID job = UUID.fromString(String.valueOf(json.nextTextValue()));
      int number = json.nextIntValue(-1);
      require(number >= 0);
      String entity = json.nextTextValue();
      List<Row> rows = new ArrayList<>();
      while (json.nextToken() == JsonToken.START_ARRAY) {
        rows.add(row(json, value));
      }
      require(json.currentToken() == JsonToken.END_ARRAY && !rows.isEmpty());
      return new Chunk(job, number, entity, rows);
    } catch (IOException e) {
      throw new IllegalArgumentException("no chunk: " + e.getMessage(), e);
    }
  }

  private static Row row(JsonParser json, byte[] value) throws IOException {
    long number = json.nextLongValue(-1);
    long line = json.nextLongValue(-1);
    boolean isRead = json.nextToken() != JsonToken.VALUE_NULL;
    Row row = isRead ? read(number, line, json, value) : unread(number, line, json);
    require(number >= 0 && line >= 0 && json.nextToken() == JsonToken.END_ARRAY);
    return row;
  }

  private static Row read(long number, long line, JsonParser json, byte[] value)
      throws IOException {
    int begin = (int) json.currentTokenLocation().getByteOffset();
    JsonNode record = ROW.readTree(json);
    int end = (int) json.currentLocation().getByteOffset();
    return Row.read(number, line, record, Arrays.copyOfRange(value, begin, end));
  }

  private static Row unread(long number, long line, JsonParser json) throws IOException {
    int place = json.nextIntValue(-1);
    require(place >= 0);
    return Row.unread(number, line, new Row.Fault(place, text(json), text(json)));
  }

  private static String text(JsonParser json) throws IOException {
    String text = json.nextTextValue();
    if (text == null) {
      throw unknown();
    }
    return text;
  }

  private static void require(boolean isSo) {
    if (!isSo) {
      throw unknown();
    }
  }

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException("no chunk of a bulk load: expected an array of rows");
  }
}
