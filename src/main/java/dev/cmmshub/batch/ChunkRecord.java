package dev.cmmshub.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The value of a record of {@code hub.bulk}: {@code [job, number, entity, row, row, ...]}, where a
 * row is {@code [number, line, record]} or, of one that cannot be read, {@code [number, line, null,
 * place, reason, text]}.
 */
final class ChunkRecord {
  private static final int USUAL_ROW = 512;

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
        write(row, json);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written", e);
    }
    return out.toByteArray();
  }

  private static void write(Row row, JsonGenerator json) throws IOException {
    json.writeStartArray();
    json.writeNumber(row.number());
    json.writeNumber(row.line());
    json.writeTree(row.record());
    if (row.fault() != null) {
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
    try (JsonParser json = Json.mapper().createParser(value)) {
      require(json.nextToken() == JsonToken.START_ARRAY);
      UUID job = UUID.fromString(String.valueOf(json.nextTextValue()));
      int number = json.nextIntValue(-1);
      require(number >= 0);
      String entity = json.nextTextValue();
      List<Row> rows = new ArrayList<>();
      while (json.nextToken() == JsonToken.START_ARRAY) {
        JsonNode row = ROW.readTree(json);
        require(row.size() == 3 || row.size() == 6);
        rows.add(row(row));
      }
      require(json.currentToken() == JsonToken.END_ARRAY && !rows.isEmpty());
      return new Chunk(job, number, entity, rows);
    } catch (IOException e) {
      throw new IllegalArgumentException("no chunk: " + e.getMessage(), e);
    }
  }

  private static Row row(JsonNode row) {
    long number = row.get(0).asLong();
    long line = row.get(1).asLong();
    return row.size() == 3
        ? new Row(number, line, row.get(2), null)
        : new Row(
            number,
            line,
            null,
            new Row.Fault(row.get(3).asInt(), row.get(4).asText(), row.get(5).asText()));
  }

  private static void require(boolean isSo) {
    if (!isSo) {
      throw new IllegalArgumentException("no chunk of a bulk load: expected an array of rows");
    }
  }
}
