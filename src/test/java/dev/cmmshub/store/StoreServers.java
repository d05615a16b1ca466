package dev.cmmshub.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Tenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Two real shards and a real Redis, started once for all tests of stores. Each test has tenants of
 * its own.
 */
public final class StoreServers {
  private static StoreServers shared;

  private final Path folder;
  private final EmbeddedServices servers;
  private final List<ShardSettings> settings;
  private final Shards shards;
  private final ShardLanes lanes = new ShardLanes("test", 1);

  private StoreServers() {
    try {
      folder = Files.createTempDirectory("cmms-hub-store");
      servers = EmbeddedServices.start(EmbeddedSettings.in(folder, 2), line -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings =
        servers.addresses().shards().stream()
            .map(
                shard ->
                    new ShardSettings(
                        shard.name(),
                        shard.jdbcUrl(),
                        shard.adminUser(),
                        new Secret(shard.adminPassword()),
                        new Secret("it's a \"service\"")))
            .toList();
    settings.forEach(new ShardMigration()::migrate);
    shards = new Shards(settings, new SimpleMeterRegistry());
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  private static synchronized StoreServers shared() {
    if (shared == null) {
      shared = new StoreServers();
    }
    return shared;
  }

  private void close() {
    shards.close();
    servers.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ShardLanes lanes() {
    return shared().lanes;
  }

  /** What a batch leaves when all its parts are done. */
  static EventBatch apply(EntityStore store, EventBatch batch) {
    List<Event> events = new ArrayList<>();
    List<FailedEvent> failures = new ArrayList<>();
    for (var part : store.apply(batch).parts()) {
      events.addAll(part.join().events());
      failures.addAll(part.join().failures());
    }
    return batch.after(events, failures);
  }

  static List<ShardSettings> settings() {
    return shared().settings;
  }

  public static Shards shards() {
    return shared().shards;
  }

  public static Shard shard() {
    return shared().shards.all().iterator().next();
  }

  /** As the role the hub works with. */
  static Connection service(ShardSettings shard) throws SQLException {
    return DriverManager.getConnection(
        shard.jdbcUrl(), ShardSettings.SERVICE_ROLE, shard.servicePassword().value());
  }

  public static String newTenantId() {
    return "t-" + UUID.randomUUID();
  }

  /** A tenant of its own that lives on a shard of that name. */
  static Tenant tenant(String id, String shard) {
    return new Tenant(
        id,
        true,
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.ofNullable(shard));
  }

  /** What the transformer makes of one version of a work order. */
  static Event event(String tenant, String number, long version, String json) {
    EventKey key = new EventKey(tenant, "sap", "workorder", number);
    return new Event(
        EventIds.ofVersion(key, version).toString(),
        Event.type("workorder", "changed"),
        "workorder/" + EventIds.ofObject(key),
        key,
        version,
        Instant.parse("2026-03-06T10:00:00Z"),
        "application/json",
        null,
        "c",
        null,
        json.getBytes(UTF_8));
  }

  /** A pool of connections that waits for Redis 50 ms and no longer. */
  static JedisConnectionFactory redis(String host, int port) {
    RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(host, port);
    server.setPassword(RedisPassword.of(shared().servers.addresses().redisPassword()));
    JedisConnectionFactory factory =
        new JedisConnectionFactory(
            server,
            JedisClientConfiguration.builder()
                .connectTimeout(Duration.ofMillis(50))
                .readTimeout(Duration.ofMillis(50))
                .usePooling()
                .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  static JedisConnectionFactory redis() {
    EmbeddedAddresses addresses = shared().servers.addresses();
    return redis(addresses.redisHost(), addresses.redisPort());
  }

  static EntityCache cache(JedisConnectionFactory redis) {
    StringRedisTemplate template = new StringRedisTemplate(redis);
    return new EntityCache(template, new RedisWatch(template), CacheObserver.NOBODY);
  }
}
