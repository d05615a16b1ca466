package dev.cmmshub.cli.canary;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of one record.
 *
 * @param id of the event, empty when it was not accepted
 * @param status where it was seen last
 * @param took until it had arrived, or was given up
 * @param problem empty when it arrived
 */
public record Flight(Instant begin, String id, String status, Duration took, String problem) {
  public boolean arrived() {
    return problem.isEmpty();
  }

  public double seconds() {
    return took.toMillis() / 1000.0;
  }

  public ObjectNode json() {
    ObjectNode json =
        Json.mapper()
            .createObjectNode()
            .put("at", begin.toString())
            .put("arrived", arrived())
            .put("seconds", seconds());
    if (!id.isEmpty()) {
      json.put("id", id).put("status", status);
    }
    return arrived() ? json : json.put("problem", problem);
  }
}
