package dev.cmmshub.bench;

import dev.cmmshub.RedisConnection;
import dev.cmmshub.batch.Chunk;
import dev.cmmshub.batch.ChunkTranslator;
import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.batch.rows.Rows;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.Direction;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.BulkChunk;
import dev.cmmshub.store.BulkRow;
import dev.cmmshub.store.BulkStore;
import dev.cmmshub.store.CacheObserver;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.RedisWatch;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.Traces;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.Transformer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Parts of a file into a shard: read, translated, checked and merged, beside a bare COPY and merge.
 */
final class BulkBench {
  private static final int CHUNK = 1_000;
  private static final int THREADS = 2;

  private final Path data;
  private final int rows;
  private final int rounds;
  private final Tenants tenants = BenchServers.tenants(List.of());
  private final Map<String, Connector> connectors =
      new ConnectorFolders().read(Path.of("connectors"));
  private final MappingCache mappings = new MappingCache(FunctionLibrary.load());
  private final ChunkTranslator translator;

  BulkBench(Path data, int rows, int rounds) {
    this.data = data;
    this.rows = rows;
    this.rounds = rounds;
    EventReader reader = new EventReader(connectors, mappings, Clock.systemUTC());
    this.translator =
        new ChunkTranslator(
            reader::read,
            new Transformer(
                tenants::byId,
                (tenant, system, entity) ->
                    connectors
                        .get(tenant.systems().get(system).connector())
                        .mapping(entity, Direction.FROM_ERP),
                mappings::get,
                new CanonicalSchemas(),
                Traces.OFF));
  }

  Result run() throws Exception {
    Result result = new Result("bulk", rounds);
    List<byte[]> files = files();
    Tenant tenant = tenants.byId("bench-0").orElseThrow();
    List<List<Event>> ready = new ArrayList<>();
    for (byte[] file : files) {
      ready.add(
          chunk(tenant, UUID.randomUUID(), 0, file).rows().stream()
              .map(BulkRow::translated)
              .toList());
    }
    try (BenchServers servers = new BenchServers(data, 1)) {
      servers.backends().shards().forEach(new ShardMigration()::migrate);
      BenchShard shard = new BenchShard(servers.backends().shards().get(0));
      try (Shards shards = new Shards(servers.backends().shards(), new SimpleMeterRegistry());
          RedisConnection redis = new RedisConnection(servers.backends());
          RedisWatch watch = new RedisWatch(redis.template())) {
        BulkStore store =
            new BulkStore(shards, new EntityCache(redis.template(), watch, CacheObserver.NOBODY));
        for (int round = 0; round <= rounds; round++) {
          for (int i = 0; i < 2; i++) {
            boolean isHub = (i + round) % 2 == 0;
            shard.empty();
            UUID job = UUID.randomUUID();
            Cost.PerOperation each =
                isHub
                    ? measure(n -> apply(store, chunk(tenant, job, n, files.get(n)), tenant))
                    : measure(n -> shard.copy(ready.get(n)));
            String name = isHub ? "hub" : "copy-merge";
            System.err.printf("bulk round %d %-11s %,.0f /s%n", round, name, each.perSecond());
            if (round > 0) {
              result.add(name, each.perSecond());
              result.addCost(name, each);
            }
          }
        }
      }
    }
    return result;
  }

  private Cost.PerOperation measure(IntConsumer work) throws Exception {
    System.gc();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Cost cost = new Cost();
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < rows / CHUNK; n++) {
        int chunk = n;
        all.add(threads.submit(() -> work.accept(chunk)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return cost.per(rows / CHUNK * CHUNK);
    } finally {
      threads.shutdown();
    }
  }

  private static void apply(BulkStore store, BulkChunk chunk, Tenant tenant) {
    try {
      int rejected = store.apply(tenant, chunk).rejected();
      if (rejected > 0) {
        throw new IllegalStateException(rejected + " rows rejected: " + chunk.rejects().get(0));
      }
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private BulkChunk chunk(Tenant tenant, UUID job, int number, byte[] file) {
    List<Row> found = new ArrayList<>(CHUNK);
    try (Rows all = Format.NDJSON.read(new ByteArrayInputStream(file), 1 << 20)) {
      for (Row row = all.next(); row != null; row = all.next()) {
        found.add(row);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return translator.translate(tenant, "sap", new Chunk(job, number, null, found));
  }

  /** A thousand lines each. */
  private List<byte[]> files() throws IOException {
    String sample =
        Json.read(
                Files.readAllBytes(
                    Path.of(
                        "connectors/sap-s4hana/samples/part.from-erp.service-without-expansion.json")))
            .toString();
    List<byte[]> files = new ArrayList<>();
    for (int n = 0; n < rows / CHUNK; n++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < CHUNK; i++) {
        lines.append(sample.replace("SRV-CALIBRATION", "P" + (n * CHUNK + i))).append('\n');
      }
      files.add(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }
}
