package dev.cmmshub.store;

import dev.cmmshub.message.Event;

/**
 * One version of one canonical object, as an event brought it.
 *
 * @param id of the object, from the event's subject {@code <entity>/<id>}
 */
record EntityVersion(String id, Event event) {
  static EntityVersion of(Event event) {
    return new EntityVersion(event.subject().substring(event.subject().indexOf('/') + 1), event);
  }
}
