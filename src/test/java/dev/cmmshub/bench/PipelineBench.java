package dev.cmmshub.bench;

import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.Direction;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.TraceParent;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.Traces;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The way from the inbound to the canonical topic, by the hub's route and by hand. */
final class PipelineBench {
  /** One way of doing it: started on a topic pair, stopped when all is out. */
  interface Variant {
    AutoCloseable start(String output, String group) throws Exception;
  }

  static final int THREADS = 2;
  private static final String PREFIX = "bench";
  private static final String UNOBSERVED = "hub-unobserved";
  private static final String NOTHING_PARKED = "hub-nothing-parked";
  private static final String INBOUND = PREFIX + ".inbound";

  private final Path data;
  private final int events;
  private final int rounds;
  private final Tenants tenants = BenchServers.tenants(List.of());
  private final Map<String, Connector> connectors =
      new ConnectorFolders().read(Path.of("connectors"));
  private final Transformer transformer = transformer(Traces.OFF);

  PipelineBench(Path data, int events, int rounds) {
    this.data = data;
    this.events = events;
    this.rounds = rounds;
  }

  private Transformer transformer(Traces traces) {
    return new Transformer(
        tenants::byId,
        (tenant, system, entity) ->
            connectors
                .get(tenant.systems().get(system).connector())
                .mapping(entity, Direction.FROM_ERP),
        new MappingCache(FunctionLibrary.load())::get,
        new CanonicalSchemas(),
        traces);
  }

  private AutoCloseable hub(BenchServers servers, Tenants stored) throws Exception {
    return HubPipeline.start(servers, transformer, PREFIX, stored, Watching.nothing());
  }

  /** Reading, translating, publishing; no shard. */
  Result transform() throws Exception {
    try (BenchServers servers = new BenchServers(data, 1)) {
      preload(servers, 0);
      String brokers = servers.brokers();
      Map<String, Variant> variants =
          Map.of(
              "hub", (output, group) -> hub(servers, null),
              "loop",
                  (output, group) -> new LoopPipeline(brokers, transformer, output, group, null),
              "kafka-streams",
                  (output, group) -> StreamsPipeline.start(brokers, transformer, output, group));
      return run(
          "pipeline", servers, variants, List.of("hub", "loop", "kafka-streams"), name -> {});
    }
  }

  /** The same with the write to the shard; tables are emptied before each run. */
  Result store() throws Exception {
    try (BenchServers servers = new BenchServers(data, 1)) {
      servers.backends().shards().forEach(new ShardMigration()::migrate);
      preload(servers, 0);
      BenchShard shard = new BenchShard(servers.backends().shards().get(0));
      Map<String, Variant> variants =
          Map.of(
              "hub", (output, group) -> hub(servers, tenants),
              "loop-jdbc",
                  (output, group) ->
                      new LoopPipeline(servers.brokers(), transformer, output, group, shard));
      return run(
          "pipeline-store", servers, variants, List.of("hub", "loop-jdbc"), name -> shard.empty());
    }
  }

  /** What it costs events of free keys that many other keys are parked. */
  Result parked(int keys) throws Exception {
    try (BenchServers servers = new BenchServers(data, 1)) {
      servers.backends().shards().forEach(new ShardMigration()::migrate);
      preload(servers, 0);
      BenchShard shard = new BenchShard(servers.backends().shards().get(0));
      Variant hub = (output, group) -> hub(servers, tenants);
      return run(
          "pipeline-parked",
          servers,
          Map.of("hub", hub, NOTHING_PARKED, hub),
          List.of("hub", NOTHING_PARKED),
          name -> {
            shard.empty();
            if (name.equals("hub")) {
              shard.park(keys);
            }
          });
    }
  }

  /**
   * The way with the shard, with all meters, traces and flows beside none of them.
   *
   * @param traced of so many events, from 0 to 1, spans are recorded
   */
  Result observed(double traced) throws Exception {
    try (BenchServers servers = new BenchServers(data, 1)) {
      servers.backends().shards().forEach(new ShardMigration()::migrate);
      preload(servers, traced);
      BenchShard shard = new BenchShard(servers.backends().shards().get(0));
      Variant watched =
          (output, group) -> {
            Watching all = Watching.everything();
            return HubPipeline.start(servers, transformer(all.traces()), PREFIX, tenants, all);
          };
      return run(
          "pipeline-observed-" + traced,
          servers,
          Map.of("hub", watched, UNOBSERVED, (output, group) -> hub(servers, tenants)),
          List.of("hub", UNOBSERVED),
          name -> shard.empty());
    }
  }

  private void preload(BenchServers servers, double traced) throws Exception {
    servers.createTopic(INBOUND);
    try (EventPublisher publisher =
        new EventPublisher(servers.brokers(), 12 << 20, 0, Traces.OFF)) {
      List<Event> chunk = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        Event event = WorkOrders.event("bench-" + i % 3, i % 50_000, 1_780_000_000_000L + i);
        chunk.add(i % 100 < traced * 100 ? event.withTrace(trace(i)) : event);
        if (chunk.size() == 2000) {
          publisher.publishAll(INBOUND, chunk).join();
          chunk.clear();
        }
      }
      publisher.publishAll(INBOUND, chunk).join();
    }
  }

  private static TraceParent trace(int number) {
    return TraceParent.of("%032x".formatted(number + 1), "%016x".formatted(number + 1));
  }

  private Result run(
      String scenario,
      BenchServers servers,
      Map<String, Variant> variants,
      List<String> order,
      Consumer<String> before)
      throws Exception {
    Result result = new Result(scenario, rounds);
    // The first round warms the JVM up and is not counted.
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < order.size(); i++) {
        String name = order.get((i + round) % order.size());
        before.accept(name);
        Cost.PerOperation each = measure(servers, name, variants.get(name), round);
        System.err.printf("%s round %d %-14s %,.0f /s%n", scenario, round, name, each.perSecond());
        if (round > 0) {
          result.add(name, each.perSecond());
          result.addCost(name, each);
        }
      }
    }
    return result;
  }

  /** From the first tenth of the records out to the last one. */
  private Cost.PerOperation measure(BenchServers servers, String name, Variant variant, int round)
      throws Exception {
    String run = "bench-" + name + "-" + round + "-" + System.nanoTime();
    String output = name.startsWith("hub") ? PREFIX + ".canonical" : run;
    servers.createTopic(output);
    System.gc();
    try (AutoCloseable running = variant.start(output, run)) {
      long from = await(servers, output, events / 10);
      Cost cost = new Cost();
      long to = await(servers, output, events);
      return cost.per((int) (to - from));
    } finally {
      servers.deleteTopic(output);
      servers.forgetGroup(PREFIX + "-transform");
    }
  }

  private static long await(BenchServers servers, String topic, long count) throws Exception {
    long seen = servers.records(topic);
    while (seen < count) {
      LockSupport.parkNanos(2_000_000L);
      seen = servers.records(topic);
    }
    return seen;
  }
}
