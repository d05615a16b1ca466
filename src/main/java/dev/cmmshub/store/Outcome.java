package dev.cmmshub.store;

/** What became of an event at the shard. */
public enum Outcome {
  /** The object has this version now. */
  APPLIED,
  /** The inbox knew the event already; nothing changed. */
  DUPLICATE,
  /** The object has a newer version; nothing changed. */
  STALE,
  /** An earlier event of the object waits; this one waits behind it. */
  QUEUED
}
