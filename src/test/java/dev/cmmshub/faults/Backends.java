package dev.cmmshub.faults;

import dev.cmmshub.embedded.ClusterBroker;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A broker or several, two shards and a Redis, each in processes of its own. */
final class Backends implements AutoCloseable {
  /** The only broker, or the first. */
  final Backend kafka;

  final List<Backend> brokers;
  final Backend shardA;
  final Backend shardB;
  final Backend redis;

  /** With one broker. */
  Backends(Path folder) throws IOException {
    this(folder, List.of("kafka"));
  }

  private Backends(Path folder, List<String> names) throws IOException {
    brokers = new ArrayList<>();
    for (String name : names) {
      brokers.add(new Backend(name, folder));
    }
    kafka = brokers.get(0);
    shardA = new Backend("a", folder);
    shardB = new Backend("b", folder);
    redis = new Backend("redis", folder);
  }

  /** With three brokers; what is acknowledged is on two of them at least. */
  static Backends withThreeBrokers(Path folder) throws IOException {
    return new Backends(folder, ClusterBroker.lay(folder, 3));
  }

  /** Starts all at once. */
  EmbeddedAddresses start() throws IOException {
    CompletableFuture.allOf(
            all().stream()
                .map(backend -> CompletableFuture.runAsync(() -> start(backend)))
                .toArray(CompletableFuture[]::new))
        .join();
    List<PostgresAddress> shards = new ArrayList<>();
    for (Backend shard : List.of(shardA, shardB)) {
      List<String> address = shard.address();
      String name = shard == shardA ? "a" : "b";
      shards.add(new PostgresAddress(name, address.get(0), address.get(1), address.get(2)));
    }
    List<String> bootstrap = new ArrayList<>();
    for (Backend broker : brokers) {
      bootstrap.add(broker.address().get(0));
    }
    return new EmbeddedAddresses(
        String.join(",", bootstrap),
        shards,
        "127.0.0.1",
        Integer.parseInt(redis.address().get(0)),
        redis.address().get(1));
  }

  private static void start(Backend backend) {
    try {
      backend.start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  List<Backend> all() {
    List<Backend> all = new ArrayList<>(brokers);
    all.addAll(List.of(shardA, shardB, redis));
    return all;
  }

  @Override
  public void close() {
    all().forEach(Backend::close);
  }
}
