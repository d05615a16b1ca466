package dev.cmmshub.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Cache-aside for single objects. A change leaves a mark with the new version, and only that
 * version or a newer one may be filled in afterwards: a slow reader cannot bring an old row back.
 *
 * <p>Never the only place of anything: with Redis away, reads go to the shard and invalidations are
 * bounded by the lifetime of {@link #LIFETIME}.
 */
public final class EntityCache {
  private static final Logger LOG = LoggerFactory.getLogger(EntityCache.class);
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final String SECONDS = Long.toString(LIFETIME.toSeconds());

  private static final RedisScript<Long> MARK =
      RedisScript.of(
          """
          for i, key in ipairs(KEYS) do
            redis.call('SET', key, ARGV[i + 1] .. '|', 'EX', ARGV[1])
          end
          return #KEYS
          """,
          Long.class);
  private static final RedisScript<Long> FILL =
      RedisScript.of(
          """
          local known = redis.call('GET', KEYS[1])
          if known and tonumber(string.match(known, '^-?%d+')) > tonumber(ARGV[2]) then
            return 0
          end
          redis.call('SET', KEYS[1], ARGV[2] .. '|' .. ARGV[3], 'EX', ARGV[1])
          return 1
          """,
          Long.class);

  private final StringRedisTemplate redis;

  public EntityCache(StringRedisTemplate redis) {
    this.redis = redis;
  }

  /** The object's JSON, if the newest version is known here. */
  public Optional<CachedEntity> get(String tenant, String entity, String id) {
    try {
      String value = redis.opsForValue().get(key(tenant, entity, id));
      int bar = value == null ? -1 : value.indexOf('|');
      return bar < 0 || bar == value.length() - 1
          ? Optional.empty()
          : Optional.of(
              new CachedEntity(Long.parseLong(value.substring(0, bar)), value.substring(bar + 1)));
    } catch (DataAccessException e) {
      LOG.debug("Cache not read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Fills in what was read from the shard. */
  public void put(String tenant, String entity, String id, CachedEntity value) {
    try {
      redis.execute(
          FILL,
          List.of(key(tenant, entity, id)),
          SECONDS,
          Long.toString(value.version()),
          value.json());
    } catch (DataAccessException e) {
      LOG.debug("Cache not filled: {}", e.getMessage());
    }
  }

  /** Marks the objects as changed, in one call. */
  void invalidate(Collection<EntityVersion> versions) {
    if (versions.isEmpty()) {
      return;
    }
    List<String> keys = new ArrayList<>(versions.size());
    List<String> arguments = new ArrayList<>(versions.size() + 1);
    arguments.add(SECONDS);
    for (EntityVersion version : versions) {
      keys.add(key(version.event().key().tenant(), version.event().key().entity(), version.id()));
      arguments.add(Long.toString(version.event().version()));
    }
    try {
      redis.execute(MARK, keys, arguments.toArray());
    } catch (DataAccessException e) {
      LOG.warn(
          "Cache not invalidated, {} objects may read old for {} s: {}",
          keys.size(),
          SECONDS,
          e.getMessage());
    }
  }

  private static String key(String tenant, String entity, String id) {
    return "hub:entity:" + tenant + ':' + entity + ':' + id;
  }

  /** A version of an object and its canonical JSON. */
  public record CachedEntity(long version, String json) {}
}
