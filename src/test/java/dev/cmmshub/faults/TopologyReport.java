package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run showed.
 *
 * @param complaints what is not as it must be; empty when all is well
 */
record TopologyReport(
    TopologyRun.Plan plan,
    List<Outage> outages,
    List<LoadClient.Attempt> attempts,
    Map<String, Long> arrived,
    Findings findings,
    long repeated,
    List<String> complaints) {

  /** Waits until all is settled, but a minute at most. */
  static TopologyReport of(Topology topology, TopologyRun.Plan plan, List<Outage> outages)
      throws SQLException, IOException, InterruptedException {
    FaultBench bench = topology.bench;
    Findings findings = bench.oracle.settle(Oracle.QUIET);
    List<String> complaints = new ArrayList<>(findings.wrong());
    complaints.addAll(findings.open());
    complaints.addAll(bench.receipts.backwards());
    complaints.addAll(bench.secretsInLogs());
    complaints.addAll(topology.polled.complaints(bench.servers.shards()));
    if (findings.count(Fate.STALE) > 0) {
      complaints.add(findings.count(Fate.STALE) + " events were applied after a newer one");
    }
    if (bench.hooks.unsigned() > 0) {
      complaints.add(bench.hooks.unsigned() + " webhooks were not signed as they should be");
    }
    return new TopologyReport(
        plan,
        outages,
        bench.client.attempts(),
        bench.hooks.firstAt(),
        findings,
        bench.receipts.repeated(),
        complaints);
  }

  TopologyWindow window(long from, long to) {
    return TopologyWindow.of(attempts, arrived, from, to);
  }

  private TopologyWindow all() {
    return window(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
  }

  /** Requests that were not answered by 202 between the kill and when all was settled. */
  List<LoadClient.Attempt> failed(Outage outage) {
    return attempts.stream()
        .filter(one -> one.status() != 202)
        .filter(one -> one.end() >= outage.down() && one.end() < outage.settled())
        .toList();
  }

  /** How many seconds after the kill the last request failed; 0 when none did. */
  double failedFor(Outage outage) {
    return failed(outage).stream()
        .mapToDouble(one -> seconds(outage.down(), one.end()))
        .max()
        .orElse(0);
  }

  /** Lines for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Outage outage : outages) {
      lines.add(
          "%s (%s), killed for %.1f s"
              .formatted(outage.kind(), outage.name(), seconds(outage.down(), outage.up())));
      lines.add("  before  " + window(outage.quiet(), outage.down()));
      lines.add("  away    " + window(outage.down(), outage.up()));
      lines.add("  back    " + window(outage.up(), outage.settled()));
      lines.add("  after   " + window(outage.settled(), outage.end()));
      lines.add(
          String.format(
              Locale.ROOT,
              "  last request failed %.1f s after the kill, longest without a 202 %.1f s;"
                  + " started again it answered after %.1f s, all was told after %.1f s",
              failedFor(outage),
              window(outage.down(), outage.settled()).gap() / 1e3,
              seconds(outage.up(), outage.answering()),
              seconds(outage.up(), outage.settled())));
    }
    TopologyWindow all = all();
    lines.add(
        String.format(
            Locale.ROOT,
            "seed %d: %,d events accepted, %,d requests answered 503, %,d not answered, %,d otherwise;"
                + " %,d events told, %,d of them more than once",
            plan.seed(),
            findings.fates().size(),
            all.unavailable(),
            all.unanswered(),
            all.other(),
            findings.told().size(),
            repeated));
    lines.add("oracle: " + findings);
    complaints.forEach(line -> lines.add("WRONG " + line));
    return lines;
  }

  /** The same for machines. */
  ObjectNode json() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("seed", plan.seed())
        .put("seconds", plan.seconds())
        .put("accepted", findings.fates().size())
        .put("told", findings.told().size())
        .put("toldMoreThanOnce", repeated);
    findings.counts().forEach((fate, count) -> json.put(fate.toString(), count));
    // The time before the first and after the last would count too.
    json.set("requests", all().json().without("longestWithout202Ms"));
    ArrayNode kills = json.putArray("kills");
    for (Outage outage : outages) {
      ObjectNode kill = kills.addObject();
      kill.put("kind", outage.kind())
          .put("name", outage.name())
          .put("awaySeconds", seconds(outage.down(), outage.up()))
          .put("lastFailedRequestSeconds", failedFor(outage))
          .put("answeredAgainSeconds", seconds(outage.up(), outage.answering()))
          .put("allToldSeconds", seconds(outage.up(), outage.settled()));
      kill.set("before", window(outage.quiet(), outage.down()).json());
      kill.set("away", window(outage.down(), outage.up()).json());
      kill.set("back", window(outage.up(), outage.settled()).json());
      kill.set("after", window(outage.settled(), outage.end()).json());
    }
    complaints.forEach(json.putArray("wrong")::add);
    return json;
  }

  private static double seconds(long from, long to) {
    return Math.round((to - from) / 1e8) / 10.0;
  }
}
