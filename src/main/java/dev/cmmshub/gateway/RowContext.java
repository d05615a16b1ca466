package dev.cmmshub.gateway;

import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import java.util.UUID;

/** A record of a file or a page, read already. */
record RowContext() implements EventContext {
  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public UUID id(EventKey key, long version) {
    return EventIds.ofVersion(key, version);
  }
}
