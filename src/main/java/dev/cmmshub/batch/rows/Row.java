package dev.cmmshub.batch.rows;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One record of a file, or what stands in its place.
 *
 * @param number counted from 1, rejected ones too
 * @param line of the file where it begins, from 1
 * @param record as mappings read it, or null when there is a fault
 * @param fault why it cannot be read, or null
 */
public record Row(long number, long line, JsonNode record, Fault fault) {
  /**
   * Why a row cannot be read.
   *
   * @param column from 1, of CSV the field; 0 when unknown
   * @param reason what was expected, in one line
   * @param text the row as it stands in the file, maybe cut
   */
  public record Fault(int column, String reason, String text) {}

  static Row read(long number, long line, JsonNode record) {
    return new Row(number, line, record, null);
  }

  static Row unread(long number, long line, int column, String reason, String text) {
    return new Row(number, line, null, new Fault(column, reason, text));
  }
}
