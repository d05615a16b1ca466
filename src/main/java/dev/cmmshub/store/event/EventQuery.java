package dev.cmmshub.store.event;

import java.time.Instant;
import java.util.List;

/**
 * Which events are meant; what is null does not matter.
 *
 * @param externalId of the object, exactly; with a star at its end, what it begins with
 * @param status one of {@link #STATUSES}
 * @param since received then or later
 * @param until received earlier
 * @param text to be found in external id, system, type or correlation id, whatever its case
 * @param after goes on behind this place
 * @param most how many, 1 to 1000
 */
public record EventQuery(
    String tenant,
    String system,
    String entity,
    String externalId,
    String status,
    Instant since,
    Instant until,
    String text,
    EventCursor after,
    int most) {
  /** The furthest that an event came. */
  public static final List<String> STATUSES =
      List.of("applied", "superseded", "delivered", "parked", "dead-lettered", "discarded");

  /** The same behind a place. */
  EventQuery after(EventCursor place, int stillMost) {
    return new EventQuery(
        tenant, system, entity, externalId, status, since, until, text, place, stillMost);
  }

  boolean isPrefix() {
    return externalId != null && externalId.endsWith("*");
  }

  /** What it begins with. */
  String prefix() {
    return externalId.substring(0, externalId.length() - 1);
  }

  /** Greater than all texts that begin with it, by their bytes in UTF-8. */
  String prefixEnd() {
    return prefix() + Character.toString(Character.MAX_CODE_POINT);
  }
}
