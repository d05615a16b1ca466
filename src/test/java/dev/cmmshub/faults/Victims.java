package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** One of each that a topology is made of, in an order that a seed repeats. */
final class Victims {
  private final Topology topology;
  private final Random random;

  Victims(Topology topology, long seed) {
    this.topology = topology;
    this.random = new Random(seed);
  }

  /** A hub, the busiest broker, the broker that decides for the others, a shard and Redis. */
  List<Victim.Choice> all() {
    List<Victim.Choice> all = new ArrayList<>();
    int hub = random.nextInt(topology.hubs.size());
    all.add(() -> hub(hub));
    all.add(() -> broker("busiest broker", ClusterView::busiest));
    all.add(() -> broker("controller", ClusterView::controller));
    Backend shard = random.nextBoolean() ? topology.backends.shardA : topology.backends.shardB;
    all.add(
        () ->
            server(
                "shard",
                "shard " + shard.kind() + ", not of " + topology.tenantsNotOn(shard),
                shard));
    all.add(() -> server("redis", "redis", topology.backends.redis));
    Collections.shuffle(all, random);
    return all;
  }

  private Victim hub(int which) {
    HubProcess hub = topology.hubs.get(which);
    return new Victim("hub", "hub " + (which + 1), hub::kill, hub::start);
  }

  private Victim broker(String kind, ToIntFunction<ClusterView> choice) {
    ClusterView view = ClusterView.ask(topology.bench.servers.kafkaBootstrap());
    int node = choice.applyAsInt(view);
    Backend broker = topology.backends.brokers.get(node - 1);
    return server(kind, broker.kind() + ", " + view.of(node), broker);
  }

  private static Victim server(String kind, String name, Backend server) {
    return new Victim(kind, name, server::kill, server::start);
  }
}
