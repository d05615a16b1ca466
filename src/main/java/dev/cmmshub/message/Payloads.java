package dev.cmmshub.message;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Reads what an ERP sent as a tree that mappings understand. */
public final class Payloads {
  private Payloads() {}

  /** Whether the media type is JSON or ends in {@code +json}. */
  public static boolean isJson(String contentType) {
    String type = mediaType(contentType);
    return type.equals("application/json") || type.endsWith("+json");
  }

  /** Whether the media type is XML or ends in {@code +xml}. */
  public static boolean isXml(String contentType) {
    String type = mediaType(contentType);
    return type.equals("text/xml") || type.equals("application/xml") || type.endsWith("+xml");
  }

  /** The media type alone, lower case, without parameters; empty for null. */
  public static String mediaType(String contentType) {
    if (contentType == null) {
      return "";
    }
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  /**
   * Parses JSON, or XML as the tree {@link XmlTree} describes.
   *
   * @throws MalformedPayloadException when the bytes are not what the content type says
   */
  public static JsonNode read(byte[] bytes, String contentType) {
    return isXml(contentType) ? XmlTree.parse(bytes) : Json.read(bytes);
  }
}
