package dev.cmmshub.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.util.Map;

/** A problem document (RFC 9457) with the members {@code code} and {@code retryable}. */
public final class ProblemDocument {
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(428, "Precondition Required"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  private ProblemDocument() {}

  /** The document as UTF-8 JSON. */
  public static byte[] render(int status, String code, String detail, boolean retryable) {
    return render(status, code, detail, retryable, null);
  }

  /** The same with the member {@code errors}, if there are any. */
  static byte[] render(
      int status, String code, String detail, boolean retryable, ArrayNode errors) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("type", "about:blank");
    document.put("title", TITLES.getOrDefault(status, "Error"));
    document.put("status", status);
    document.put("detail", detail);
    document.put("code", code);
    document.put("retryable", retryable);
    if (errors != null) {
      document.set("errors", errors);
    }
    return Json.write(document);
  }
}
