package dev.cmmshub.gateway.cloudevents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Events whose attributes stand beside their data in one JSON document, one or many. The data's own
 * bytes are cut out of it, so nothing of them changes.
 *
 * <p>Source: CloudEvents JSON event format 1.0.2, sections 2 to 4; HTTP protocol binding 1.0.2,
 * sections 3.2 and 3.3.
 */
public final class StructuredMode {
  public static final String ONE = "application/cloudevents+json";
  public static final String BATCH = "application/cloudevents-batch+json";

  /** So many events may be in one batch. */
  public static final int MOST = 500;

  private StructuredMode() {}

  /**
   * Reads one event.
   *
   * @throws ProblemException 400, naming the attribute or the line and what was expected
   */
  public static CloudEvent read(byte[] body) {
    byte[] json = withoutMark(body);
    try (JsonParser parser = parser(json)) {
      parser.nextToken();
      EventObject event = EventObject.read(parser, json);
      end(parser);
      return event.toEvent();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads a batch, in its order. Each is checked when it is asked for.
   *
   * @throws ProblemException 400 when it is no list in JSON, 413 when it is too long
   */
  public static List<EventObject> readBatch(byte[] body) {
    byte[] json = withoutMark(body);
    List<EventObject> events = new ArrayList<>();
    try (JsonParser parser = parser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new ProblemException(400, "malformed", "expected a list of events: [{…}, {…}]");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (events.size() == MOST) {
          throw new ProblemException(
              413, "batch-too-large", "more than " + MOST + " events: send several batches");
        }
        events.add(EventObject.read(parser, json));
      }
      end(parser);
      return events;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /**
   * Whether a content type is one of these.
   *
   * @throws ProblemException 415 for another format of events or another charset
   */
  public static boolean is(String contentType) {
    String type = Payloads.mediaType(contentType);
    if (!type.startsWith("application/cloudevents")) {
      return false;
    }
    if (!type.equals(ONE) && !type.equals(BATCH) || !isUtf8(contentType)) {
      throw new ProblemException(
          415, "unsupported-media-type", "expected " + ONE + " or " + BATCH + ", in UTF-8");
    }
    return true;
  }

  private static boolean isUtf8(String contentType) {
    String parameters = contentType.substring(contentType.indexOf(';') + 1);
    for (String parameter : parameters.split(";")) {
      String[] parts = parameter.split("=", 2);
      if (parts.length == 2 && parts[0].strip().equalsIgnoreCase("charset")) {
        String charset = parts[1].strip().replace("\"", "");
        return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
      }
    }
    return true;
  }

  private static JsonParser parser(byte[] json) throws IOException {
    if (json.length == 0) {
      throw new ProblemException(400, "empty-body", "no body: send the event with its data");
    }
    // Jackson would read other encodings, by these marks.
    if (json.length > 1 && (json[0] == 0 || json[1] == 0 || (json[0] & 0xFE) == 0xFE)) {
      throw new ProblemException(400, "malformed", "not valid JSON: not UTF-8");
    }
    return Json.mapper()
        .getFactory()
        .createParser(json)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  private static byte[] withoutMark(byte[] body) {
    byte[] json = body == null ? new byte[0] : body;
    boolean marked =
        json.length > 2
            && json[0] == (byte) 0xEF
            && json[1] == (byte) 0xBB
            && json[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(json, 3, json.length) : json;
  }

  private static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new ProblemException(400, "malformed", "not valid JSON: something follows its end");
    }
  }

  private static ProblemException malformed(IOException e) {
    if (e instanceof JsonProcessingException json && json.getLocation() != null) {
      return new ProblemException(
          400,
          "malformed",
          "not valid JSON at line "
              + json.getLocation().getLineNr()
              + ", column "
              + json.getLocation().getColumnNr()
              + ": expected one document in UTF-8, at most 64 levels deep, no key twice");
    }
    return new ProblemException(400, "malformed", "not valid JSON: not UTF-8");
  }
}
