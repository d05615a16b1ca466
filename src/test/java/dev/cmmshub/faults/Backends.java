package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A broker, two shards and a Redis, each in processes of its own. */
final class Backends implements AutoCloseable {
  final Backend kafka;
  final Backend shardA;
  final Backend shardB;
  final Backend redis;

  Backends(Path folder) throws IOException {
    kafka = new Backend("kafka", folder);
    shardA = new Backend("a", folder);
    shardB = new Backend("b", folder);
    redis = new Backend("redis", folder);
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
    return new EmbeddedAddresses(
        kafka.address().get(0),
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
    return List.of(kafka, shardA, shardB, redis);
  }

  @Override
  public void close() {
    all().forEach(Backend::close);
  }
}
