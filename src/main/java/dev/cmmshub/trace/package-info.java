/** Spans of each event's way, and which trace a thread works for; made only of traced events. */
package dev.cmmshub.trace;
