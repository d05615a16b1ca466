package dev.cmmshub.store;

/**
 * A row that was not taken.
 *
 * @param row counted from 1
 * @param line of the file where it begins
 * @param place of CSV the field, else the character of the line; 0 when unknown
 * @param code such as {@code malformed}, {@code mapping} or {@code schema}
 * @param reason what was expected, in one line
 * @param text the row as it stands in the file
 */
public record BulkReject(long row, long line, int place, String code, String reason, String text) {}
