package dev.cmmshub.store;

import dev.cmmshub.message.Event;

/**
 * A row that can be written.
 *
 * @param number counted from 1
 * @param arrived the event as it was read
 * @param translated its canonical form
 */
public record BulkRow(long number, long line, Event arrived, Event translated) {}
