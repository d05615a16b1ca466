package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/** Follows a replay run to its end and tells what became of it. */
final class ReplayWatch {
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final Duration STUCK = Duration.ofSeconds(15);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);
  private static final int BAR = 30;

  private final AdminClient client;
  private final CommandLine command;
  private final boolean json;
  private final Colours colours = Colours.ofTerminal();
  private String run;
  private long total;
  private long left;
  private long shown = -1;
  private long shownAt;

  ReplayWatch(AdminClient client, CommandLine command, boolean json) {
    this.client = client;
    this.command = command;
    this.json = json;
  }

  /**
   * @param putBack how many it has by now
   * @param notPutBack how many stay dead letters since their event waits already
   */
  void begin(String id, long putBack, long notPutBack) {
    run = id;
    total = putBack;
    left = notPutBack;
  }

  /** Tells how to ask later. */
  int leave() {
    command
        .getOut()
        .println(
            json
                ? result(JsonNodeFactory.instance.objectNode())
                : total
                    + " put back; GET /admin/v1/replays/"
                    + run
                    + " tells what became of them.");
    return 0;
  }

  /** Waits until each has been run, as long as something moves; 1 if not all passed. */
  int follow() throws IOException, InterruptedException {
    JsonNode progress = progress();
    long waiting = Long.MAX_VALUE;
    long moved = System.nanoTime();
    while (progress.get("waiting").asLong() > 0) {
      if (progress.get("waiting").asLong() < waiting) {
        waiting = progress.get("waiting").asLong();
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > STUCK.toNanos()) {
        break;
      }
      show(total - waiting);
      LockSupport.parkNanos(GLANCE.toNanos());
      progress = progress();
    }
    show(total - progress.get("waiting").asLong());
    return report(progress);
  }

  private JsonNode progress() throws IOException, InterruptedException {
    return client.get("/admin/v1/replays/" + run, Map.of());
  }

  /** A bar on a terminal, else a line a second when there is something new. */
  private void show(long done) {
    long now = System.nanoTime();
    boolean early = shown >= 0 && done < total && now - shownAt < BETWEEN_LINES.toNanos();
    if (json || done == shown || !colours.on() && early) {
      return;
    }
    shown = done;
    shownAt = now;
    PrintWriter err = command.getErr();
    if (colours.on()) {
      int full = total == 0 ? BAR : (int) (BAR * done / total);
      err.print("\r[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + done + " of " + total);
      err.print(done == total ? System.lineSeparator() : "");
      err.flush();
    } else {
      err.println(done + " of " + total + " run");
    }
  }

  private int report(JsonNode progress) {
    long waiting = progress.get("waiting").asLong();
    long retried = sum(progress.get("retried"));
    long failed = sum(progress.get("failed")) - left;
    long passed = Math.max(total - waiting - retried - failed, 0);
    PrintWriter out = command.getOut();
    if (json) {
      out.println(result((ObjectNode) progress.deepCopy()).put("passed", passed));
    } else {
      out.println(colours.good(passed + " of " + total + " passed."));
      tell(out, failed, "failed again:", progress.get("failed"));
      tell(out, retried, "will be tried again on their schedule:", progress.get("retried"));
      if (waiting > 0) {
        out.println(
            waiting
                + " wait still, behind an earlier event of their object or for their tenant to be"
                + " enabled.");
      }
      if (left > 0) {
        out.println(left + " were left alone: their events wait to be run already.");
      }
    }
    return passed == total && left == 0 ? 0 : 1;
  }

  private ObjectNode result(ObjectNode json) {
    return json.put("run", run).put("putBack", total).put("left", left);
  }

  private void tell(PrintWriter out, long count, String what, JsonNode groups) {
    if (count > 0) {
      out.println(colours.bad(count + " " + what));
      Columns table = new Columns("CLASS", "LETTERS", "EXAMPLE", "KEY", "REASON");
      for (JsonNode group : groups) {
        table.add(
            group.get("errorClass").asText(),
            group.get("count").asText(),
            DeadLetterList.shortId(group.get("id").asText()),
            group.get("key").asText(),
            group.get("reason").asText());
      }
      table.print(out, colours);
    }
  }

  private static long sum(JsonNode groups) {
    long sum = 0;
    for (JsonNode group : groups) {
      sum += group.get("count").asLong();
    }
    return sum;
  }
}
