package dev.cmmshub.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cmmshub.tenant.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All shards, and which one a tenant lives on: where {@code tenants.yaml} pins it, else by hashing.
 */
public final class Shards implements AutoCloseable {
  private static final int POOL_SIZE = 10;
  private static final long CONNECT_TIMEOUT_MS = 3000;

  private final Map<String, Shard> shards = new TreeMap<>();
  private final RendezvousHash hash;

  public Shards(List<ShardSettings> settings, MeterRegistry registry) {
    for (ShardSettings shard : settings) {
      shards.put(shard.name(), new Shard(shard.name(), pool(shard, registry)));
    }
    this.hash = new RendezvousHash(shards.keySet());
  }

  private static HikariDataSource pool(ShardSettings shard, MeterRegistry registry) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("shard-" + shard.name());
    config.setJdbcUrl(shard.jdbcUrl());
    config.setUsername(ShardSettings.SERVICE_ROLE);
    config.setPassword(shard.servicePassword().value());
    config.setAutoCommit(false);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
    config.setInitializationFailTimeout(-1);
    config.setMetricRegistry(registry);
    config.addDataSourceProperty("ApplicationName", "cmms-hub");
    config.addDataSourceProperty("socketTimeout", "30");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // A plan made while the tables are empty would be kept, and read them whole when they are not.
    // And of a process that stops in the middle of a transaction, or is cut off, nobody hears: its
    // locks would keep the others from the same events until the connection is given up, hours
    // later.
    config.addDataSourceProperty(
        "options",
        "-c plan_cache_mode=force_custom_plan -c idle_in_transaction_session_timeout=10s");
    // What PostgreSQL adds to an error quotes the row, and reasons never hold the body.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    return new HikariDataSource(config);
  }

  public Collection<Shard> all() {
    return shards.values();
  }

  /**
   * Where the tenant's rows are.
   *
   * @throws IllegalArgumentException when it is pinned to a shard that does not exist
   */
  public Shard of(Tenant tenant) {
    String name = tenant.shard().orElseGet(() -> hash.choose(tenant.id()));
    Shard shard = shards.get(name);
    if (shard == null) {
      throw new IllegalArgumentException(
          "tenants." + tenant.id() + ".shard: '" + name + "': expected one of " + shards.keySet());
    }
    return shard;
  }

  /** Groups things by the shard of their tenant. */
  public Map<Shard, List<Tenant>> byShard(Collection<Tenant> tenants) {
    return tenants.stream().collect(Collectors.groupingBy(this::of));
  }

  @Override
  public void close() {
    shards.values().forEach(shard -> shard.dataSource().close());
  }
}
