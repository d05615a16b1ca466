package dev.cmmshub.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What waits in Kafka of each tenant, as the consumers of this node estimate it four times a
 * second: what they have read ahead, and what is behind that in the same mixture. Safe for several
 * threads.
 */
public final class TenantBacklog {
  private final Map<Object, Map<String, Long>> byConsumer = new ConcurrentHashMap<>();

  void tell(Object consumer, Map<String, Long> waiting) {
    byConsumer.put(consumer, waiting);
  }

  void forget(Object consumer) {
    byConsumer.remove(consumer);
  }

  /** Events by tenant; tenants without any are left out. */
  public Map<String, Long> now() {
    Map<String, Long> all = new HashMap<>();
    byConsumer.values().forEach(own -> own.forEach((tenant, n) -> all.merge(tenant, n, Long::sum)));
    all.values().removeIf(waiting -> waiting == 0);
    return all;
  }
}
