package dev.cmmshub.gateway;

import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A record of a file or a page, read already.
 *
 * @param asOf the version of a record that tells none, or null
 */
record RowContext(Instant asOf) implements EventContext {
  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public UUID id(EventKey key, long version) {
    return EventIds.ofVersion(key, version);
  }

  /** Milliseconds, as the envelopes of connectors have them. */
  @Override
  public Optional<Long> version() {
    return Optional.ofNullable(asOf).map(Instant::toEpochMilli);
  }
}
