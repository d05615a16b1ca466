package dev.cmmshub.store.event;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as a list shows it.
 *
 * @param receivedBy how it came, or null when that was not noted
 */
public record FoundEvent(
    String tenant,
    String id,
    Instant receivedAt,
    String system,
    String entity,
    String externalId,
    String type,
    long version,
    String receivedBy,
    String status,
    String shard) {
  EventCursor place() {
    return new EventCursor(receivedAt, UUID.fromString(id));
  }
}
