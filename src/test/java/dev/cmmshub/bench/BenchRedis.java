package dev.cmmshub.bench;

import dev.cmmshub.Backends;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** A connection of the bench's own to the cache. */
final class BenchRedis implements AutoCloseable {
  private final JedisConnectionFactory factory;

  BenchRedis(Backends backends) {
    RedisStandaloneConfiguration server =
        new RedisStandaloneConfiguration(backends.redisHost(), backends.redisPort());
    server.setPassword(RedisPassword.of(backends.redisPassword().value()));
    factory = new JedisConnectionFactory(server);
    factory.afterPropertiesSet();
    factory.start();
  }

  StringRedisTemplate template() {
    return new StringRedisTemplate(factory);
  }

  @Override
  public void close() {
    factory.destroy();
  }
}
