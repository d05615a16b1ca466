package dev.cmmshub.gateway;

import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import java.util.UUID;

/**
 * A request whose body is the event.
 *
 * @param idempotencyKey names the event, or null: its object and version do
 */
record RequestContext(String contentType, String idempotencyKey) implements EventContext {
  @Override
  public UUID id(EventKey key, long version) {
    return idempotencyKey == null
        ? EventIds.ofVersion(key, version)
        : EventIds.ofIdempotencyKey(key.tenant(), key.source(), idempotencyKey);
  }
}
