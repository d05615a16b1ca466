package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;

/** Prints what another version of tenants.yaml would do. */
final class PlanView {
  private static final Map<String, String> MARKS =
      Map.of("starts", "+", "stops", "-", "changes", "~");

  private final Colours colours;

  PlanView(Colours colours) {
    this.colours = colours;
  }

  void print(JsonNode plan, PrintWriter out) {
    JsonNode changes = plan.get("changes");
    if (changes.isEmpty()) {
      out.println(
          plan.get("version").equals(plan.get("inUse"))
              ? "Nothing changes: this version is in use."
              : "Nothing changes but how it is written.");
      return;
    }
    Columns table = new Columns("", "TENANT", "PART", "NAME", "");
    for (JsonNode change : changes) {
      table.add(
          MARKS.get(change.get("action").asText()),
          change.get("tenant").asText(),
          change.get("part").asText(),
          change.get("name").asText(),
          change.get("detail").asText());
    }
    table.print(out, colours);
    out.println();
    if (!plan.get("concerned").isEmpty()) {
      Columns events = new Columns("TENANT", "ACCEPTED", "TO BE TOLD", "PARKED");
      for (JsonNode tenant : plan.get("concerned")) {
        events.add(
            tenant.get("tenant").asText(),
            tenant.get("inbound").asText(),
            tenant.get("canonical").asText(),
            tenant.get("parked").asText());
      }
      out.println("Events on their way there now:");
      events.print(out, colours);
      out.println();
    }
    if (!plan.path("warnings").isEmpty()) {
      out.println("Limits below what is used:");
      for (JsonNode warning : plan.path("warnings")) {
        out.println("  " + warning.get("tenant").asText() + ": " + warning.get("detail").asText());
      }
      out.println();
    }
    out.printf(
        "%d to start (+), %d to stop (-), %d to change (~); version %s in place of %s%n",
        count(changes, "starts"),
        count(changes, "stops"),
        count(changes, "changes"),
        plan.get("version").asText(),
        plan.get("inUse").asText());
  }

  private static int count(JsonNode changes, String action) {
    int count = 0;
    for (JsonNode change : changes) {
      count += change.get("action").asText().equals(action) ? 1 : 0;
    }
    return count;
  }
}
