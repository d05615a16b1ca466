package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cmmshub.message.Json;
import java.util.ArrayList;
import java.util.List;

/** What the first line of a CSV file says: the names of its columns, and what is between them. */
public record CsvHeader(char separator, List<String> names) {
  /** The separator, and the names as a JSON array. */
  String text() {
    ArrayNode all = Json.mapper().createArrayNode();
    names.forEach(all::add);
    return separator + new String(Json.write(all), UTF_8);
  }

  /** Reads the text back. */
  public static CsvHeader read(String text) {
    List<String> names = new ArrayList<>();
    Json.read(text.substring(1).getBytes(UTF_8)).forEach(name -> names.add(name.asText()));
    return new CsvHeader(text.charAt(0), names);
  }
}
