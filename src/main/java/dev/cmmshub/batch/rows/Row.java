package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.BulkReject;

/**
 * One record of a file, or what stands in its place.
 *
 * @param number counted from 1, rejected ones too
 * @param line of the file where it begins, from 1
 * @param record an object, as mappings read it, or null when there is a fault
 * @param data the record as JSON in UTF-8, or null when there is a fault
 * @param fault why it cannot be read, or null
 */
public record Row(long number, long line, JsonNode record, byte[] data, Fault fault) {
  /**
   * Why a row cannot be read.
   *
   * @param column from 1, of CSV the field; 0 when unknown
   * @param reason what was expected, in one line
   * @param text the row as it stands in the file, of a long one the begin
   */
  public record Fault(int column, String reason, String text) {
    public Fault {
      text = BulkReject.shown(text);
    }
  }

  /**
   * A record, or in place of what is no object the fault.
   *
   * @param data the record as JSON in UTF-8, without a byte order mark
   */
  public static Row read(long number, long line, JsonNode record, byte[] data) {
    return record.isObject()
        ? new Row(number, line, record, data, null)
        : unread(number, line, 1, "expected a JSON object", new String(data, UTF_8).strip());
  }

  /** The same for what stands in its file in another form than JSON. */
  public static Row read(long number, long line, JsonNode record) {
    return read(number, line, record, Json.write(record));
  }

  public static Row unread(long number, long line, Fault fault) {
    return new Row(number, line, null, null, fault);
  }

  static Row unread(long number, long line, int column, String reason, String text) {
    return unread(number, line, new Fault(column, reason, text));
  }
}
