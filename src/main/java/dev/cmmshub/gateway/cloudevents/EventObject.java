package dev.cmmshub.gateway.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.ProblemException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** One event of a JSON document, read and not yet checked. */
public final class EventObject {
  private final Map<String, String> attributes = new HashMap<>();
  private String wrong;

  /** The data as it stands there, when that is no text. */
  private byte[] json;

  private String text;
  private String base64;

  private EventObject() {}

  /** Reads the value the parser is at, to its end. */
  static EventObject read(JsonParser parser, byte[] document) throws IOException {
    EventObject event = new EventObject();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      event.wrong = "expected an event: {\"specversion\": \"1.0\", …}";
      return event;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "data" -> event.readData(parser, token, document);
        case "data_base64" -> event.base64 = event.textOf(parser, name, token);
        default -> event.readAttribute(parser, name, token);
      }
    }
    return event;
  }

  private void readData(JsonParser parser, JsonToken token, byte[] document) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      text = parser.getText();
      return;
    }
    if (token.isScalarValue()) {
      json = parser.getText().getBytes(UTF_8);
      return;
    }
    int begin = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    json = Arrays.copyOfRange(document, begin, (int) parser.currentLocation().getByteOffset());
  }

  private void readAttribute(JsonParser parser, String name, JsonToken token) throws IOException {
    if (!CloudEvent.ATTRIBUTES.contains(name)) {
      parser.skipChildren();
    } else if (name.equals("sequence") && token == JsonToken.VALUE_NUMBER_INT) {
      attributes.put(name, parser.getText());
    } else {
      attributes.put(name, textOf(parser, name, token));
    }
  }

  private String textOf(JsonParser parser, String name, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    wrong = name + ": expected a text";
    return null;
  }

  /**
   * Checks the event.
   *
   * @throws ProblemException 400, naming the attribute and what was expected
   */
  public CloudEvent toEvent() {
    if (wrong != null) {
      throw new ProblemException(400, "cloudevent", wrong);
    }
    return CloudEvent.of(attributes, "", data());
  }

  private byte[] data() {
    if (base64 != null) {
      if (json != null || text != null) {
        throw CloudEvent.wrong("data_base64", "expected alone, without data");
      }
      return decoded();
    }
    String type = attributes.computeIfAbsent("datacontenttype", name -> "application/json");
    if (text != null) {
      return Payloads.isJson(type) ? Json.write(TextNode.valueOf(text)) : text.getBytes(UTF_8);
    }
    if (json == null) {
      return new byte[0];
    }
    if (!Payloads.isJson(type)) {
      throw CloudEvent.wrong("data", "expected a text, since datacontenttype is not JSON");
    }
    return json;
  }

  private byte[] decoded() {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw CloudEvent.wrong("data_base64", "expected Base64 (RFC 4648)");
    }
  }
}
