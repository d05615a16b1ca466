package dev.cmmshub.store;

import java.util.List;
import java.util.Map;

/** What became of an event at the shard. */
public enum Outcome {
  /** The object has this version now. */
  APPLIED,
  /** The inbox knew the event already; nothing changed. */
  DUPLICATE,
  /** The object has a newer version; nothing changed. */
  STALE,
  /** An earlier event of the object waits; this one waits behind it. */
  QUEUED;

  /** The ids of those that it became of. */
  List<String> among(Map<String, Outcome> outcomes) {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getValue() == this)
        .map(Map.Entry::getKey)
        .toList();
  }
}
