package dev.cmmshub.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Cache-aside for single objects. A change of an object that was there leaves a mark with the new
 * version, and only that version or a newer one may be filled in afterwards: a slow reader cannot
 * bring an old row back.
 *
 * <p>Never the only place of anything: with Redis away nobody waits for it, reads go to the shard
 * and invalidations are bounded by the lifetime of {@link #LIFETIME}.
 */
public final class EntityCache {
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final String SECONDS = Long.toString(LIFETIME.toSeconds());

  /** Redis does nothing else meanwhile. */
  private static final int AT_ONCE = 250;

  /** Compares versions as texts: Lua's numbers are doubles, exact up to 2^53 only. */
  private static final String KNOWS_NEWER =
      """
      local function knows_newer(key, version)
        local value = redis.call('GET', key)
        if not value then return false end
        local a, b = string.match(value, '^-?%d+'), version
        local a_below, b_below = a:sub(1, 1) == '-', b:sub(1, 1) == '-'
        if a_below ~= b_below then return b_below end
        if a_below then a, b = b, a end
        if #a ~= #b then return #a > #b end
        return a > b
      end
      """;

  private static final RedisScript<Long> MARK =
      RedisScript.of(
          KNOWS_NEWER
              + """
          for i, key in ipairs(KEYS) do
            if not knows_newer(key, ARGV[i + 1]) then
              redis.call('SET', key, ARGV[i + 1] .. '|', 'EX', ARGV[1])
            end
          end
          return #KEYS
          """,
          Long.class);
  private static final RedisScript<Long> FILL =
      RedisScript.of(
          KNOWS_NEWER
              + """
          if knows_newer(KEYS[1], ARGV[2]) then
            return 0
          end
          redis.call('SET', KEYS[1], ARGV[2] .. '|' .. ARGV[3], 'EX', ARGV[1])
          return 1
          """,
          Long.class);

  private final StringRedisTemplate redis;
  private final RedisWatch watch;
  private final CacheObserver observer;

  public EntityCache(StringRedisTemplate redis, RedisWatch watch, CacheObserver observer) {
    this.redis = redis;
    this.watch = watch;
    this.observer = observer;
  }

  /** The object's JSON, if the newest version is known here. */
  public Optional<CachedEntity> get(String tenant, String entity, String id) {
    if (watch.isAway()) {
      observer.read(CacheObserver.Read.AWAY);
      return Optional.empty();
    }
    try {
      String value = redis.opsForValue().get(key(tenant, entity, id));
      int bar = value == null ? -1 : value.indexOf('|');
      if (bar < 0 || bar == value.length() - 1) {
        observer.read(CacheObserver.Read.MISS);
        return Optional.empty();
      }
      observer.read(CacheObserver.Read.HIT);
      return Optional.of(
          new CachedEntity(Long.parseLong(value.substring(0, bar)), value.substring(bar + 1)));
    } catch (DataAccessException e) {
      watch.failed(e);
      observer.read(CacheObserver.Read.AWAY);
      return Optional.empty();
    }
  }

  /** Fills in what was read from the shard. */
  public void put(String tenant, String entity, String id, CachedEntity value) {
    if (watch.isAway()) {
      return;
    }
    try {
      redis.execute(
          FILL,
          List.of(key(tenant, entity, id)),
          SECONDS,
          Long.toString(value.version()),
          value.json());
    } catch (DataAccessException e) {
      watch.failed(e);
    }
  }

  /** Marks the objects as changed. */
  void invalidate(List<EntityVersion> versions) {
    for (int from = 0; from < versions.size(); from += AT_ONCE) {
      mark(versions.subList(from, Math.min(versions.size(), from + AT_ONCE)));
    }
  }

  private void mark(List<EntityVersion> versions) {
    if (watch.isAway()) {
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
      watch.failed(e);
    }
  }

  private static String key(String tenant, String entity, String id) {
    return "hub:entity:" + tenant + ':' + entity + ':' + id;
  }

  /** A version of an object and its canonical JSON. */
  public record CachedEntity(long version, String json) {}
}
