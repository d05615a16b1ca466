package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Waits until every node has a version of tenants.yaml in use. */
final class NodesWatch {
  private static final int PERIOD_MS = 200;

  private final AdminClient client;
  private final PrintWriter out;
  private final boolean json;

  NodesWatch(AdminClient client, CommandLine command, boolean json) {
    this.client = client;
    this.out = command.getOut();
    this.json = json;
  }

  /** Returns the exit status. */
  int follow(String version, int seconds) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    JsonNode state;
    int left;
    do {
      TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
      state = client.get("/admin/v1/config", Map.of());
      left = left(state, version);
    } while (left > 0 && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(seconds));
    tell(state, version, left, (System.nanoTime() - begin) / 1e9);
    return left > 0 ? 1 : 0;
  }

  /** How many nodes do not have it; where nobody knows of the others, the one that is asked. */
  private static int left(JsonNode state, String version) {
    if (!state.has("nodes")) {
      return state.get("version").asText().equals(version) ? 0 : 1;
    }
    int left = 0;
    for (JsonNode node : state.get("nodes")) {
      left += node.get("version").asText().equals(version) ? 0 : 1;
    }
    return left;
  }

  private void tell(JsonNode state, String version, int left, double seconds) {
    if (json) {
      ObjectNode told = Json.mapper().createObjectNode();
      told.put("version", version).put("applied", left == 0).put("nodesLeft", left);
      if (state.has("nodes")) {
        told.set("nodes", state.get("nodes"));
      }
      out.println(told);
      return;
    }
    Colours colours = Colours.ofTerminal();
    if (left > 0) {
      out.println(
          colours.bad(left + " of the nodes did not take version " + version + " up in time:"));
      state
          .path("nodes")
          .forEach(
              node ->
                  out.println(
                      "  " + node.get("node").asText() + " " + node.get("version").asText()));
      out.println("Do they see the same file? Their logs and /q/health tell what they refuse.");
    } else if (state.has("nodes")) {
      out.println(
          colours.good(
              "Version %s is in use on %d of %d nodes, after %.1f s."
                  .formatted(
                      version, state.get("nodes").size(), state.get("nodes").size(), seconds)));
    } else {
      out.println(
          "Version "
              + version
              + " is in use on this node. Redis is away, so nobody knows of the others.");
    }
  }
}
