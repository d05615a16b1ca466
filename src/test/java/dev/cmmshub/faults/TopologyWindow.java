package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What ended within a time, whenever it had begun.
 *
 * @param accepted events
 * @param unavailable requests that were answered 503
 * @param unanswered requests that were not answered
 * @param other requests that were answered anything else but 202
 * @param gap the longest time without a 202, in ms
 * @param accept from an event's first request to its 202
 * @param tell from an event's first request to its webhook
 */
record TopologyWindow(
    long accepted,
    long unavailable,
    long unanswered,
    long other,
    double gap,
    Percentiles accept,
    Percentiles tell) {

  static TopologyWindow of(
      List<LoadClient.Attempt> attempts, Map<String, Long> arrived, long from, long to) {
    List<LoadClient.Attempt> answered =
        attempts.stream().filter(one -> one.end() >= from && one.end() < to).toList();
    List<LoadClient.Attempt> accepted =
        answered.stream().filter(one -> one.status() == 202).toList();
    long unavailable = count(answered, 503);
    long unanswered = count(answered, 0);
    return new TopologyWindow(
        accepted.size(),
        unavailable,
        unanswered,
        answered.size() - accepted.size() - unavailable - unanswered,
        gap(accepted, from, to),
        Percentiles.ofNanos(accepted.stream().mapToLong(one -> one.end() - one.due())),
        Percentiles.ofNanos(
            attempts.stream()
                .filter(one -> one.status() == 202)
                .mapToLong(
                    one -> {
                      long told = arrived.getOrDefault(one.event(), Long.MIN_VALUE);
                      return told >= from && told < to ? told - one.due() : -1;
                    })
                .filter(nanos -> nanos >= 0)));
  }

  private static long count(List<LoadClient.Attempt> attempts, int status) {
    return attempts.stream().filter(one -> one.status() == status).count();
  }

  private static double gap(List<LoadClient.Attempt> accepted, long from, long to) {
    long longest = 0;
    long last = from;
    for (long end : accepted.stream().mapToLong(LoadClient.Attempt::end).sorted().toArray()) {
      longest = Math.max(longest, end - last);
      last = end;
    }
    return Math.round(Math.max(longest, to - last) / 1e5) / 10.0;
  }

  ObjectNode json() {
    ObjectNode all = Json.mapper().createObjectNode();
    all.put("accepted", accepted)
        .put("answered503", unavailable)
        .put("unanswered", unanswered)
        .put("answeredOtherwise", other)
        .put("longestWithout202Ms", gap);
    put(all.putObject("acceptMs"), accept);
    put(all.putObject("tellMs"), tell);
    return all;
  }

  private static void put(ObjectNode all, Percentiles of) {
    all.put("p50", of.p50()).put("p95", of.p95()).put("p99", of.p99());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,6d accepted, %3d x 503, %3d unanswered; to 202 %16s ms, to webhook %18s ms",
        accepted,
        unavailable,
        unanswered,
        accept,
        tell);
  }
}
