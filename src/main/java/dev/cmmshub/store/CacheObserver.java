package dev.cmmshub.store;

/** Hears what reads find in the cache; returns at once. */
public interface CacheObserver {
  /** Hears nothing. */
  CacheObserver NOBODY = read -> {};

  /** What a read found: the object, nothing, or no Redis, so that the shard was asked. */
  enum Read {
    HIT,
    MISS,
    AWAY
  }

  void read(Read read);
}
