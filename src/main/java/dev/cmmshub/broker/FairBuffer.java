package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records of one topic that were read ahead, one queue a tenant, given out in turns: who has few is
 * not behind who has many. The order of a tenant's records of one partition stays. Not safe for
 * several threads.
 */
final class FairBuffer {
  /** So much of a partition is read ahead at most, and a little more. */
  private static final int MOST_RECORDS = 20_000;

  private static final long MOST_BYTES = 16L << 20;

  private static final class Tenant {
    private final String name;
    private final byte[] prefix;
    private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
    private int[] counts = new int[0];

    private Tenant(String name) {
      this.name = name;
      this.prefix = (name + '|').getBytes(UTF_8);
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
      if (record.partition() >= counts.length) {
        counts = Arrays.copyOf(counts, record.partition() + 1);
      }
      counts[record.partition()]++;
      records.add(record);
    }

    private ConsumerRecord<byte[], byte[]> poll() {
      ConsumerRecord<byte[], byte[]> record = records.poll();
      counts[record.partition()]--;
      return record;
    }

    private void forget(int partition) {
      if (partition < counts.length && counts[partition] > 0) {
        records.removeIf(record -> record.partition() == partition);
        counts[partition] = 0;
      }
    }

    private boolean owns(byte[] key) {
      return key != null
          && key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
  }

  /** What is here of a partition. */
  private static final class Load {
    private int records;
    private long bytes;

    private void change(ConsumerRecord<byte[], byte[]> record, int by) {
      records += by;
      bytes += by * (long) Math.max(0, record.serializedValueSize());
    }
  }

  private final Map<String, Tenant> tenants = new HashMap<>();
  private final Deque<Tenant> turns = new ArrayDeque<>();
  private final Map<TopicPartition, Load> loads = new HashMap<>();
  private Tenant latest;

  /** The tenant of a record, by its key; none for keys that are not the hub's. */
  static String tenantOf(byte[] key) {
    return new String(key == null ? new byte[0] : key, 0, lengthOfTenant(key), UTF_8);
  }

  private static int lengthOfTenant(byte[] key) {
    for (int i = 0; key != null && i < key.length; i++) {
      if (key[i] == '|') {
        return i;
      }
    }
    return 0;
  }

  void add(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    Load load = loads.computeIfAbsent(partition, p -> new Load());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      load.change(record, 1);
      Tenant tenant = tenant(record.key());
      if (tenant.records.isEmpty()) {
        turns.add(tenant);
      }
      tenant.add(record);
    }
  }

  /** Neighbours are often of one tenant. */
  private Tenant tenant(byte[] key) {
    if (latest == null || !latest.owns(key)) {
      latest = tenants.computeIfAbsent(tenantOf(key), Tenant::new);
    }
    return latest;
  }

  /** Takes up to so many, as many of each tenant as there is room for. */
  Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> take(int most) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> taken = new LinkedHashMap<>();
    int left = most;
    while (left > 0 && !turns.isEmpty()) {
      int share = Math.max(1, left / turns.size());
      for (int waiting = turns.size(); waiting > 0 && left > 0; waiting--) {
        left -= take(turns.poll(), Math.min(share, left), taken);
      }
    }
    if (turns.isEmpty()) {
      tenants.clear();
      latest = null;
    }
    return taken;
  }

  private int take(
      Tenant tenant, int most, Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> taken) {
    int count = Math.min(most, tenant.records.size());
    for (int i = 0; i < count; i++) {
      ConsumerRecord<byte[], byte[]> record = tenant.poll();
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      loads.get(partition).change(record, -1);
      taken.computeIfAbsent(partition, p -> new ArrayList<>()).add(record);
    }
    if (!tenant.records.isEmpty()) {
      turns.add(tenant);
    }
    return count;
  }

  boolean isEmpty() {
    return turns.isEmpty();
  }

  /** Whether enough of the partition is here. */
  boolean isFull(TopicPartition partition) {
    Load load = loads.get(partition);
    return load != null && (load.records >= MOST_RECORDS || load.bytes >= MOST_BYTES);
  }

  /** Whether so little of the partition is here that more should be read. */
  boolean isLow(TopicPartition partition) {
    Load load = loads.get(partition);
    return load == null || load.records < MOST_RECORDS / 2 && load.bytes < MOST_BYTES / 2;
  }

  /** Counts what is here of one partition, by tenant. */
  Map<String, Integer> count(TopicPartition partition) {
    Map<String, Integer> counts = new HashMap<>();
    for (Tenant tenant : turns) {
      if (partition.partition() < tenant.counts.length) {
        counts.put(tenant.name, tenant.counts[partition.partition()]);
      }
    }
    return counts;
  }

  /** They are read by somebody else now, or again. */
  void forget(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      loads.remove(partition);
      turns.forEach(tenant -> tenant.forget(partition.partition()));
    }
    turns.removeIf(tenant -> tenant.records.isEmpty());
  }
}
