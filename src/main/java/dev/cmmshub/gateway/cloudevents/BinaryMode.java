package dev.cmmshub.gateway.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Attributes as {@code ce-*} headers, the body is the data.
 *
 * <p>Source: CloudEvents HTTP protocol binding 1.0.2, section 3.1.
 */
public final class BinaryMode {
  private static final String PREFIX = "ce-";

  /** The headers that are read. */
  public static final List<String> HEADERS =
      CloudEvent.ATTRIBUTES.stream()
          .filter(name -> !name.equals("datacontenttype"))
          .map(PREFIX::concat)
          .sorted()
          .toList();

  private BinaryMode() {}

  /**
   * Reads an event.
   *
   * @param header gives the header of that name or null; lines of one that is there more than once
   *     are lines of its value
   * @param contentType or null
   * @throws ProblemException 400, naming the header and what was expected
   */
  public static CloudEvent read(UnaryOperator<String> header, String contentType, byte[] body) {
    Map<String, String> attributes = new HashMap<>();
    for (String name : HEADERS) {
      String value = header.apply(name);
      if (value != null) {
        attributes.put(name.substring(PREFIX.length()), decode(name, value));
      }
    }
    attributes.put("datacontenttype", contentType);
    return CloudEvent.of(attributes, PREFIX, body == null ? new byte[0] : body);
  }

  private static String decode(String name, String value) {
    if (value.indexOf('\n') >= 0) {
      throw CloudEvent.wrong(name, "expected once");
    }
    String text = unquote(name, value.strip());
    return text.indexOf('%') < 0 && isAscii(text) ? text : percentDecode(name, text);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x7F);
  }

  /** What senders of older versions of the binding may do. */
  private static String unquote(String name, String value) {
    if (!value.startsWith("\"")) {
      return value;
    }
    if (value.length() < 2 || !value.endsWith("\"")) {
      throw CloudEvent.wrong(name, "expected a quotation mark at the end, too");
    }
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 1; i < value.length() - 1; i++) {
      if (value.charAt(i) == '\\') {
        i++;
      }
      if (i == value.length() - 1) {
        throw CloudEvent.wrong(name, "expected a quotation mark at the end, too");
      }
      text.append(value.charAt(i));
    }
    return text.toString();
  }

  private static String percentDecode(String name, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(octet(name, text, i + 1));
        i += 2;
      } else if (c < 0x7F) {
        bytes.write(c);
      } else {
        throw CloudEvent.wrong(name, "expected what is not printable ASCII as %XX of its UTF-8");
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw CloudEvent.wrong(name, "expected %XX of valid UTF-8");
    }
  }

  private static int octet(String name, String text, int at) {
    int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    if (high < 0 || low < 0) {
      throw CloudEvent.wrong(name, "expected two hexadecimal digits behind %");
    }
    return high << 4 | low;
  }
}
