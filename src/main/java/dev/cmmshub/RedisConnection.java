package dev.cmmshub;

import java.time.Duration;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The pool of Redis connections; nothing waits for Redis longer than 50 ms. */
public final class RedisConnection implements AutoCloseable {
  private static final Duration BUDGET = Duration.ofMillis(50);

  private final JedisConnectionFactory factory;
  private final StringRedisTemplate template;

  public RedisConnection(Backends backends) {
    RedisStandaloneConfiguration server =
        new RedisStandaloneConfiguration(backends.redisHost(), backends.redisPort());
    server.setPassword(RedisPassword.of(backends.redisPassword().value()));
    JedisClientConfiguration client =
        JedisClientConfiguration.builder()
            .connectTimeout(BUDGET)
            .readTimeout(BUDGET)
            .clientName("cmms-hub")
            .usePooling()
            .build();
    client.getPoolConfig().ifPresent(pool -> pool.setMaxWait(BUDGET));
    factory = new JedisConnectionFactory(server, client);
    factory.afterPropertiesSet();
    factory.start();
    template = new StringRedisTemplate(factory);
  }

  public StringRedisTemplate template() {
    return template;
  }

  @Override
  public void close() {
    factory.destroy();
  }
}
