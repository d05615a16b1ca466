package dev.cmmshub.gateway;

import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.ProblemException;
import java.util.Optional;
import java.util.UUID;

/** What a request tells of an event beside its data. Never the tenant or the system. */
interface EventContext {
  /** Media type of the data, or null for the connector's first one. */
  String contentType();

  /** Names the event: what has the same id is the same event. */
  UUID id(EventKey key, long version);

  /** The id of the object, when the data tells none. */
  default Optional<String> externalId(String entity) {
    return Optional.empty();
  }

  /** The version of the object, when the data tells none. */
  default Optional<Long> version() {
    return Optional.empty();
  }

  /**
   * What happened to the object, instead of what the mapping says.
   *
   * @throws ProblemException 422 when it is about something else
   */
  default Optional<String> action(String entity) {
    return Optional.empty();
  }

  /** The event's own id where the sender has none: what it leads to bears it. */
  default String correlationId(String eventId) {
    return eventId;
  }

  /** Or null. */
  default String causationId() {
    return null;
  }
}
