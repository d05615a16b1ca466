package dev.cmmshub.gateway.cloudevents;

import dev.cmmshub.message.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;

/**
 * What the hub takes of a CloudEvents 1.0 event; every other attribute is ignored.
 *
 * @param id with {@code source} names the event
 * @param contentType of the data, as the sender says it, or null
 * @param subject or null, like those that follow
 * @param time when it happened
 * @param sequence a text, a number or not
 * @param data the payload's own bytes
 */
public record CloudEvent(
    String id,
    String source,
    String type,
    String contentType,
    String subject,
    Instant time,
    String sequence,
    String correlationId,
    String causationId,
    byte[] data) {

  /** The attributes that are read. */
  static final Set<String> ATTRIBUTES =
      Set.of(
          "specversion",
          "id",
          "source",
          "type",
          "datacontenttype",
          "subject",
          "time",
          "sequence",
          "correlationid",
          "causationid");

  private static final int LONGEST = 1024;

  /**
   * Checks the attributes.
   *
   * @throws ProblemException 400, naming the attribute and what was expected
   */
  static CloudEvent of(Map<String, String> attributes, String prefix, byte[] data) {
    Checked checked = new Checked(attributes, prefix);
    checked.version();
    return new CloudEvent(
        checked.required("id"),
        checked.source(),
        checked.required("type"),
        attributes.get("datacontenttype"),
        checked.optional("subject"),
        checked.time(),
        checked.optional("sequence"),
        checked.optional("correlationid"),
        checked.optional("causationid"),
        data);
  }

  static ProblemException wrong(String attribute, String expected) {
    return new ProblemException(400, "cloudevent", attribute + ": " + expected);
  }

  private record Checked(Map<String, String> attributes, String prefix) {
    private ProblemException wrong(String name, String expected) {
      return CloudEvent.wrong(prefix + name, expected);
    }

    void version() {
      if (!"1.0".equals(required("specversion"))) {
        throw wrong("specversion", "expected 1.0: send the event as CloudEvents 1.0");
      }
    }

    String required(String name) {
      String value = optional(name);
      if (value == null || value.isBlank()) {
        throw wrong(name, "missing, expected " + (name.equals("specversion") ? "1.0" : "a text"));
      }
      return value;
    }

    String optional(String name) {
      String value = attributes.get(name);
      if (value != null) {
        if (value.length() > LONGEST) {
          throw wrong(name, "expected at most " + LONGEST + " characters");
        }
        if (!isText(value)) {
          throw wrong(name, "expected no control characters and no halves of characters");
        }
      }
      return value;
    }

    String source() {
      String value = required("source");
      try {
        return new URI(value).toString();
      } catch (URISyntaxException e) {
        throw wrong("source", "expected a URI reference such as /erp/plant-1");
      }
    }

    Instant time() {
      String value = optional("time");
      try {
        return value == null ? null : OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeException e) {
        throw wrong("time", "expected RFC 3339, such as 2026-01-31T08:00:00Z");
      }
    }
  }

  /** Whether it holds only what the type String of CloudEvents allows. */
  private static boolean isText(String value) {
    return value
        .codePoints()
        .noneMatch(
            c ->
                c < ' '
                    || c >= 0x7F && c <= 0x9F
                    || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                    || c >= 0xFDD0 && c <= 0xFDEF
                    || (c & 0xFFFE) == 0xFFFE);
  }
}
