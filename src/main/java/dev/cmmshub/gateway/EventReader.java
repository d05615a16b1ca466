package dev.cmmshub.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.TransformException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Makes an event of what a system sent: which object it is about, by the connector's envelope
 * mapping.
 */
public final class EventReader {
  private final Map<String, Connector> connectors;
  private final MappingCache mappings;
  private final Clock clock;

  public EventReader(Map<String, Connector> connectors, MappingCache mappings, Clock clock) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.clock = clock;
  }

  /**
   * Reads one event.
   *
   * @param idempotencyKey names the request, or null to name the event by its object and version
   * @throws ProblemException 400, 403, 404, 413, 415 or 422, saying what was expected
   */
  public Event read(
      Tenant tenant, String system, String contentType, String idempotencyKey, byte[] body) {
    return read(tenant, system, new RequestContext(contentType, idempotencyKey), body);
  }

  /**
   * The same for a record that was read already, as mappings read it, whatever its system sends.
   *
   * @param body the record as JSON
   */
  public Event read(Tenant tenant, String system, JsonNode record, byte[] body) {
    requireBounded(tenant, body);
    RowContext context = new RowContext();
    return event(tenant, system, context, context.contentType(), record, body);
  }

  /** The same for what is told in another way. */
  Event read(Tenant tenant, String system, EventContext context, byte[] body) {
    Connector connector = connector(tenant, system);
    checkSize(tenant, body);
    String type = mediaType(connector, context.contentType());
    return event(tenant, system, context, type, tree(body, type), body);
  }

  private Event event(
      Tenant tenant, String system, EventContext context, String type, JsonNode tree, byte[] body) {
    Connector connector = connector(tenant, system);
    JsonNode envelope = envelope(connector, tree);
    EventKey key = key(tenant, system, connector, envelope, context);
    long version = version(envelope, context);
    String id = context.id(key, version).toString();
    return new Event(
        id,
        Event.type(key.entity(), action(key, envelope, context)),
        key.entity() + '/' + key.externalId(),
        key,
        version,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        type,
        null,
        context.correlationId(id),
        context.causationId(),
        body);
  }

  private Connector connector(Tenant tenant, String system) {
    return connectors.get(tenant.enabledSystem(system).connector());
  }

  private static void checkSize(Tenant tenant, byte[] body) {
    if (body == null || body.length == 0) {
      throw new ProblemException(
          400, "empty-body", "no body: send the event as the system makes it");
    }
    requireBounded(tenant, body);
  }

  static void requireBounded(Tenant tenant, byte[] body) {
    long maxBody = tenant.limits().maxBody();
    if (body.length > maxBody) {
      throw new ProblemException(
          413,
          "too-large",
          "the body has " + body.length + " bytes, at most " + maxBody + " are accepted");
    }
  }

  private static String mediaType(Connector connector, String contentType) {
    String type = Payloads.mediaType(contentType);
    if (type.isEmpty()) {
      return connector.contentTypes().iterator().next();
    }
    if (!connector.contentTypes().contains(type)) {
      throw new ProblemException(
          415,
          "unsupported-media-type",
          "connector " + connector.name() + " reads " + connector.contentTypes());
    }
    return type;
  }

  private static JsonNode tree(byte[] body, String type) {
    try {
      return Payloads.read(body, type);
    } catch (MalformedPayloadException e) {
      throw new ProblemException(400, "malformed", e.getMessage());
    }
  }

  private JsonNode envelope(Connector connector, JsonNode tree) {
    try {
      JsonNode envelope = mappings.get(connector.envelope()).apply(tree);
      if (!envelope.path("entity").isTextual()) {
        throw new ProblemException(
            422,
            "unknown-event",
            "connector "
                + connector.name()
                + " does not recognise the body; it knows "
                + connector.entities().keySet());
      }
      return envelope;
    } catch (TransformException e) {
      throw new ProblemException(422, "unreadable-event", e.getMessage());
    }
  }

  private static EventKey key(
      Tenant tenant, String system, Connector connector, JsonNode envelope, EventContext context) {
    String entity = envelope.get("entity").asText();
    if (!connector.entities().containsKey(entity)) {
      throw new ProblemException(
          422,
          "unknown-entity",
          "connector " + connector.name() + " knows " + connector.entities().keySet());
    }
    String told = envelope.path("externalId").asText();
    String externalId = told.isEmpty() ? context.externalId(entity).orElse(told) : told;
    try {
      return new EventKey(tenant.id(), system, entity, externalId);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(422, "no-key", e.getMessage());
    }
  }

  private static String action(EventKey key, JsonNode envelope, EventContext context) {
    String told =
        context.action(key.entity()).orElseGet(() -> envelope.path("action").asText("changed"));
    if (told.indexOf('\0') >= 0) {
      throw new ProblemException(422, "unreadable-event", "action: expected no character U+0000");
    }
    return told;
  }

  private static long version(JsonNode envelope, EventContext context) {
    JsonNode version = envelope.path("version");
    return version.canConvertToLong()
        ? version.longValue()
        : context
            .version()
            .orElseThrow(
                () ->
                    new ProblemException(
                        422,
                        "no-version",
                        "the body tells no version or time of change, which order depends on"));
  }
}
