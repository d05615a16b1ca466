package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.tenant.Tenants;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Tells in Redis, once a second, that this node runs and which version of {@code tenants.yaml} it
 * has in use. A node that ended or was killed is forgotten after 5 s.
 */
public final class Nodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  private final StringRedisTemplate redis;
  private final String prefix;
  private final String own;
  private final Supplier<Tenants> tenants;
  private final ScheduledExecutorService ticker = Daemons.ticker("nodes");

  /**
   * @param cluster hubs of one topic prefix are one
   * @param own what this node is called; no other one is
   */
  public Nodes(StringRedisTemplate redis, String cluster, String own, Supplier<Tenants> tenants) {
    this.redis = redis;
    this.prefix = "node:" + cluster + ':';
    this.own = own;
    this.tenants = tenants;
  }

  /** Tells it from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::tell, 0, 1, TimeUnit.SECONDS);
  }

  private void tell() {
    try {
      redis.opsForValue().set(prefix + own, tenants.get().version(), REMEMBERED);
    } catch (DataAccessException e) {
      LOG.debug("Redis does not take this node's version: {}", e.toString());
    }
  }

  /** What this node is called. */
  String own() {
    return own;
  }

  /**
   * The version of each node that runs, by its name; empty while Redis is away, when nobody knows
   * of the others.
   */
  Optional<Map<String, String>> versions() {
    try {
      Map<String, String> versions = new TreeMap<>();
      Set<String> keys = redis.keys(prefix + '*');
      for (String key : keys == null ? Set.<String>of() : keys) {
        String version = redis.opsForValue().get(key);
        if (version != null) {
          versions.put(key.substring(prefix.length()), version);
        }
      }
      versions.put(own, tenants.get().version());
      return Optional.of(versions);
    } catch (DataAccessException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    try {
      redis.delete(prefix + own);
    } catch (DataAccessException e) {
      LOG.debug("Redis does not forget this node now: {}", e.toString());
    }
  }
}
