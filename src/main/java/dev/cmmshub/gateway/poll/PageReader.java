package dev.cmmshub.gateway.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.TransformException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a source answered, by the connector's page mapping. */
public final class PageReader {
  private static final int LARGEST = 10 << 20;
  private static final int CHUNK = 1 << 16;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final MappingCache mappings;

  public PageReader(MappingCache mappings) {
    this.mappings = mappings;
  }

  /**
   * Reads the whole answer, 10 MB and one minute at most.
   *
   * @param mapping the connector's
   * @param request what was asked, with the parameters of the resource
   * @throws RuntimeException saying what was expected, without the answer itself
   */
  Page read(Path mapping, Map<String, String> request, InputStream answer) throws IOException {
    byte[] bytes = bytes(answer);
    ObjectNode input = Json.mapper().createObjectNode();
    input.set("answer", Json.read(bytes));
    ObjectNode asked = input.putObject("request");
    request.forEach(asked::put);
    JsonNode page = mappings.get(mapping).apply(input);
    List<JsonNode> records = new ArrayList<>();
    page.path("records").forEach(records::add);
    return new Page(records, changedUntil(mapping, page, records.isEmpty()), next(page));
  }

  /** Who answers too much, or drop by drop, holds up no other poll. */
  private static byte[] bytes(InputStream answer) throws IOException {
    long begin = System.nanoTime();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] part = new byte[CHUNK];
    for (int length = answer.read(part); length >= 0; length = answer.read(part)) {
      read.write(part, 0, length);
      if (read.size() > LARGEST) {
        throw new IllegalArgumentException(
            "the page has more than 10 MB: poll this resource with a smaller limit");
      }
      if (System.nanoTime() - begin > LONGEST.toNanos()) {
        throw new SocketTimeoutException("the page took longer than a minute");
      }
    }
    return read.toByteArray();
  }

  private static Instant changedUntil(Path mapping, JsonNode page, boolean empty) {
    JsonNode time = page.path("changedUntil");
    try {
      return empty ? null : Instant.parse(time.asText());
    } catch (DateTimeException e) {
      throw new TransformException(
          mapping + ": changedUntil: expected when the last record changed, in RFC 3339", e);
    }
  }

  private static Map<String, String> next(JsonNode page) {
    Map<String, String> next = new TreeMap<>();
    page.path("next")
        .properties()
        .forEach(entry -> next.put(entry.getKey(), entry.getValue().asText()));
    return next;
  }
}
