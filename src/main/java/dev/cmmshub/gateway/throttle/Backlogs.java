package dev.cmmshub.gateway.throttle;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * What waits in Kafka of each tenant, over all nodes: twice a second each node tells Redis what its
 * consumers see and takes over what all see. While Redis is away, a node knows of its own alone.
 */
public final class Backlogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Backlogs.class);
  private static final int PERIOD_MS = 500;

  /** Nodes that said nothing for 3 s, by Redis' clock, are forgotten. */
  @SuppressWarnings("rawtypes")
  private static final RedisScript<List> EXCHANGE =
      RedisScript.of(
          """
          local now = redis.call('TIME')[1]
          redis.call('HSET', KEYS[1], ARGV[1], now .. ';' .. ARGV[2])
          redis.call('EXPIRE', KEYS[1], 10)
          local all = redis.call('HGETALL', KEYS[1])
          local told = {}
          for i = 1, #all, 2 do
            local time, waiting = string.match(all[i + 1], '^(%d+);(.*)$')
            if now - time > 3 then
              redis.call('HDEL', KEYS[1], all[i])
            else
              told[#told + 1] = waiting
            end
          end
          return told
          """,
          List.class);

  private final Supplier<Map<String, Long>> own;
  private final StringRedisTemplate redis;
  private final String key;
  private final String node;
  private final Consumer<Map<String, Long>> listener;
  private final ScheduledExecutorService ticker = Daemons.ticker("backlogs");
  private volatile Map<String, Long> all = Map.of();

  /**
   * Begins at once.
   *
   * @param own what this node sees: events by tenant
   * @param cluster hubs of one topic prefix are one
   * @param node what this node is called; no other one is
   * @param listener hears of every round; must return quickly
   */
  public Backlogs(
      Supplier<Map<String, Long>> own,
      StringRedisTemplate redis,
      String cluster,
      String node,
      Consumer<Map<String, Long>> listener) {
    this.own = own;
    this.redis = redis;
    this.key = cluster + ":backlog";
    this.node = node;
    this.listener = listener;
    ticker.scheduleWithFixedDelay(this::round, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Whether so much of the tenant's waits, about half a second ago, that no more is taken. */
  public boolean isOver(Tenant tenant) {
    return !all.isEmpty() && all.getOrDefault(tenant.id(), 0L) >= tenant.limits().backlog();
  }

  private void round() {
    Map<String, Long> seen = own.get();
    try {
      all = read(redis.execute(EXCHANGE, List.of(key), node, write(seen)));
    } catch (RuntimeException e) {
      LOG.debug("Redis does not tell what waits at other nodes: {}", e.toString());
      all = seen;
    }
    listener.accept(all);
  }

  private static String write(Map<String, Long> waiting) {
    StringBuilder text = new StringBuilder();
    waiting.forEach((tenant, events) -> text.append(tenant).append('=').append(events).append(' '));
    return text.toString();
  }

  private static Map<String, Long> read(List<?> told) {
    Map<String, Long> all = new HashMap<>();
    for (Object waiting : told) {
      for (String one : waiting.toString().split(" ")) {
        int middle = one.indexOf('=');
        if (middle > 0) {
          all.merge(one.substring(0, middle), Long.valueOf(one.substring(middle + 1)), Long::sum);
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
