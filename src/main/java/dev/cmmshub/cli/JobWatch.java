package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/** Follows a job to its end: a bar on a terminal, else a line every few seconds. */
final class JobWatch {
  private static final Set<String> ENDS = Set.of("done", "failed", "cancelled");
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);
  private static final int BAR = 30;
  private static final double ALL = 100.0;

  private final TenantClient client;
  private final CommandLine command;
  private final boolean json;
  private final Colours colours = Colours.ofTerminal();
  private final Clock clock = Clock.systemUTC();
  private long shownAt = System.nanoTime() - BETWEEN_LINES.toNanos();

  JobWatch(TenantClient client, CommandLine command, boolean json) {
    this.client = client;
    this.command = command;
    this.json = json;
  }

  static boolean isEnded(JsonNode job) {
    return ENDS.contains(job.get("state").asText());
  }

  /** Waits for its end; a hub that is away for a while is waited for too. 0: all rows are taken. */
  int follow(String id) throws IOException, InterruptedException {
    JsonNode job = glance(id);
    while (!isEnded(job)) {
      show(job);
      LockSupport.parkNanos(GLANCE.toNanos());
      job = glance(id);
    }
    show(job);
    return report(job);
  }

  private JsonNode glance(String id) throws IOException, InterruptedException {
    long until = System.nanoTime() + LONGEST_SILENCE.toNanos();
    while (true) {
      try {
        return client.get("/v1/jobs/" + id);
      } catch (TenantClient.RefusedException e) {
        if (e.retryAfterSeconds() == 0 || System.nanoTime() > until) {
          throw e;
        }
      } catch (IOException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  /** How far it is. */
  void show(JsonNode job) {
    long now = System.nanoTime();
    boolean ended = isEnded(job);
    if (json || !colours.on() && !ended && now - shownAt < BETWEEN_LINES.toNanos()) {
      return;
    }
    shownAt = now;
    double share = share(job);
    String text =
        JobView.done(job)
            + (share < 0 ? "" : String.format(java.util.Locale.ROOT, ", %.0f %%", share * ALL))
            + (ended ? "" : left(job));
    PrintWriter err = command.getErr();
    if (colours.on()) {
      int full = share < 0 ? 0 : (int) (BAR * share);
      err.print("\r\u001b[K[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + text);
      err.print(ended ? System.lineSeparator() : "");
      err.flush();
    } else {
      err.println(job.get("state").asText() + ": " + text);
    }
  }

  private String left(JsonNode job) {
    String left = JobView.left(job, clock.instant());
    return left.isEmpty() ? "" : ", " + left;
  }

  /** Of the file's bytes where they are known, else of the rows; negative when neither is. */
  private static double share(JsonNode job) {
    long rows = job.at("/rows/done").asLong();
    long received = Math.max(1, job.at("/received/rows").asLong());
    if (job.at("/received/isComplete").asBoolean()) {
      return rows == 0 && job.at("/received/rows").asLong() == 0
          ? 1
          : Math.min(1.0, (double) rows / received);
    }
    long total = job.at("/received/total").asLong();
    long bytes = job.at("/received/bytes").asLong();
    return total == 0 || bytes == 0 ? -1 : Math.min(1.0, (double) rows / received * bytes / total);
  }

  private int report(JsonNode job) {
    PrintWriter out = command.getOut();
    if (json) {
      out.println(job);
    } else {
      JobView.print(job, out, colours, clock.instant());
    }
    boolean isGood =
        job.get("state").asText().equals("done") && job.at("/rows/rejected").asLong() == 0;
    return isGood ? 0 : 1;
  }
}
