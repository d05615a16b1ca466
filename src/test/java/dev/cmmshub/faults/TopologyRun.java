package dev.cmmshub.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Kills one of each of a topology under load, and waits each time until all is well again. */
final class TopologyRun {
  /** Of the share of an outage: quiet before it, and away; the rest is for coming back. */
  private static final double QUIET = 0.4;

  private static final double AWAY = 0.35;

  /** So many events must be accepted while anything is away. */
  private static final int LEAST_MEANWHILE = 50;

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration TOLD_EVERY = Duration.ofSeconds(5);

  /**
   * How much.
   *
   * @param seconds of load, about
   * @param seed of the load, and of who is killed in which order
   * @param perSecond events, about
   */
  record Plan(int seconds, long seed, int perSecond) {}

  private final Topology topology;
  private final Plan plan;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private long told = begin;

  TopologyRun(Topology topology, Plan plan, Consumer<String> progress) {
    this.topology = topology;
    this.plan = plan;
    this.progress = progress;
  }

  /** Returns when the load has ended and all it sent is accepted. */
  List<Outage> run() throws Exception {
    List<Outage> outages = new ArrayList<>();
    List<Victim.Choice> victims = new Victims(topology, plan.seed()).all();
    long share = Duration.ofSeconds(plan.seconds()).toNanos() / victims.size();
    try (Load load =
        Load.start(
            topology.bench.client, topology.bench.keys.keySet(), plan.seed(), plan.perSecond())) {
      // The first requests find everything cold.
      pause(WARM_UP.toNanos());
      long quiet = System.nanoTime();
      pause((long) (share * QUIET));
      for (Victim.Choice victim : victims) {
        Outage outage = kill(victim.choose(), quiet, (long) (share * AWAY), (long) (share * QUIET));
        outages.add(outage);
        quiet = outage.settled();
      }
    }
    return outages;
  }

  private Outage kill(Victim victim, long quiet, long away, long after) throws Exception {
    long down = System.nanoTime();
    say("kill -9 " + victim.name());
    victim.kill().run();
    pause(away);
    awaitAccepted(down);
    say("starting it again");
    long up = System.nanoTime();
    Duration started = victim.start().call();
    long answering = System.nanoTime();
    say(
        "it answers after %.1f s; waiting for what was accepted until now"
            .formatted(started.toMillis() / 1e3));
    awaitTold(down, answering);
    long settled = System.nanoTime();
    say("all of it was told %.1f s later".formatted((settled - answering) / 1e9));
    pause(after);
    return new Outage(
        victim.kind(), victim.name(), quiet, down, up, answering, settled, System.nanoTime());
  }

  /** Of events that were first sent after the kill; fails after a minute. */
  private void awaitAccepted(long from) throws Exception {
    FaultServers.await(
        () -> {
          tell();
          return topology.bench.client.attempts(from, Long.MAX_VALUE).stream()
                  .filter(one -> one.status() == 202 && one.due() >= from)
                  .count()
              >= LEAST_MEANWHILE;
        });
  }

  /** Fails after a minute, as the oracle would. */
  private void awaitTold(long from, long to) throws Exception {
    FaultServers.await(
        () -> {
          tell();
          Map<String, Long> arrived = topology.bench.hooks.firstAt();
          return topology.bench.client.attempts(from, to).stream()
              .filter(one -> one.status() == 202)
              .allMatch(one -> arrived.containsKey(one.event()));
        });
  }

  private void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      FaultServers.pause(50);
      tell();
    }
  }

  private void tell() {
    if (System.nanoTime() - told > TOLD_EVERY.toNanos()) {
      told = System.nanoTime();
      List<LoadClient.Attempt> attempts = topology.bench.client.attempts();
      say(
          "%,d accepted, %,d told, %,d answered 503, %,d not answered"
              .formatted(
                  attempts.stream().filter(one -> one.status() == 202).count(),
                  topology.bench.hooks.firstAt().size(),
                  attempts.stream().filter(one -> one.status() == 503).count(),
                  attempts.stream().filter(one -> one.status() == 0).count()));
    }
  }

  private void say(String what) {
    progress.accept(
        String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - begin) / 1e9, what));
  }
}
