package dev.cmmshub.message;

import java.time.Instant;

/**
 * A CloudEvents 1.0 event as the hub carries it.
 *
 * @param id stable: the same occurrence has the same id however often it is sent
 * @param type {@code dev.cmmshub.<entity>.<action>.v1}
 * @param subject {@code <entity>/<id>}
 * @param key the business object; also the Kafka record's key
 * @param version the source's own version of the object; only rises
 * @param time when the hub accepted it
 * @param contentType media type of {@code data}
 * @param dataSchema address of the canonical schema, or null while the data is the ERP's own
 * @param correlationId shared by everything one cause led to
 * @param causationId id of the event that led to this one, or null
 * @param trace the step before in the trace of its way, or null when it is not traced
 * @param origin how the hub got it
 * @param data the payload's own bytes, never copied and never changed
 */
public record Event(
    String id,
    String type,
    String subject,
    EventKey key,
    long version,
    Instant time,
    String contentType,
    String dataSchema,
    String correlationId,
    String causationId,
    TraceParent trace,
    Origin origin,
    byte[] data) {

  /** The action of an event that tells of many rows of a bulk load at once. */
  public static final String LOADED = "loaded";

  private static final String TYPE_PREFIX = "dev.cmmshub.";

  public Event {
    require("id", id);
    require("type", type);
    require("subject", subject);
    require("key", key);
    require("time", time);
    require("datacontenttype", contentType);
    require("correlationid", correlationId);
    require("origin", origin);
    require("data", data);
  }

  /** One that is not traced, and of which nobody noted how the hub got it. */
  public Event(
      String id,
      String type,
      String subject,
      EventKey key,
      long version,
      Instant time,
      String contentType,
      String dataSchema,
      String correlationId,
      String causationId,
      byte[] data) {
    this(
        id,
        type,
        subject,
        key,
        version,
        time,
        contentType,
        dataSchema,
        correlationId,
        causationId,
        null,
        Origin.UNKNOWN,
        data);
  }

  private static void require(String field, Object value) {
    if (value == null) {
      throw new IllegalArgumentException("event without " + field);
    }
  }

  /** The CloudEvents type of an action on an entity. */
  public static String type(String entity, String action) {
    return TYPE_PREFIX + entity + '.' + action + ".v1";
  }

  /**
   * What subscriptions match: {@code workorder.released} of {@code
   * dev.cmmshub.workorder.released.v1}.
   */
  public String topicOfInterest() {
    int end = type.lastIndexOf('.');
    return type.startsWith(TYPE_PREFIX) && end > TYPE_PREFIX.length()
        ? type.substring(TYPE_PREFIX.length(), end)
        : type;
  }

  /** The canonical form of the same occurrence, and what made it. */
  public Event translated(
      String newSubject, String newDataSchema, String newType, byte[] newData, MappingUsed by) {
    return new Event(
        id,
        type,
        newSubject,
        key,
        version,
        time,
        newType,
        newDataSchema,
        correlationId,
        causationId,
        trace,
        new Origin(origin.receivedBy(), origin.api(), by),
        newData);
  }

  /** The same event at another place of a trace. */
  public Event withTrace(TraceParent place) {
    return with(place, origin);
  }

  /** The same with what is known of how it came. */
  public Event from(Origin known) {
    return with(trace, known);
  }

  private Event with(TraceParent place, Origin known) {
    return new Event(
        id,
        type,
        subject,
        key,
        version,
        time,
        contentType,
        dataSchema,
        correlationId,
        causationId,
        place,
        known,
        data);
  }

  @Override
  public String toString() {
    return "Event[" + id + ' ' + type + ' ' + key + " v" + version + ']';
  }
}
