package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * Shuffle sharding: a tenant's records go to few of a topic's partitions, other ones for each
 * tenant, so that what one of them sends too much reaches few others. All records of a key go to
 * one partition.
 *
 * <p>Which partitions are a tenant's is decided by rendezvous hashing, so that all nodes agree.
 * With another number of partitions, or another spread, keys move: records that wait then are
 * handled beside later ones of their key.
 */
public final class TenantPartitioner implements Partitioner {
  private static final String SPREAD = "hub.spread";

  private record Place(String tenant, int partitions) {}

  private final Map<Place, int[]> places = new ConcurrentHashMap<>();
  private int spread;

  /**
   * What makes a producer use it.
   *
   * @param spread to how many partitions a tenant's records go; 0 or less: to all
   */
  static Map<String, Object> settings(int spread) {
    return Map.of(
        ProducerConfig.PARTITIONER_CLASS_CONFIG, TenantPartitioner.class.getName(), SPREAD, spread);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    spread = Integer.parseInt(String.valueOf(settings.get(SPREAD)));
  }

  @Override
  public int partition(
      String topic, Object key, byte[] bytes, Object value, byte[] body, Cluster cluster) {
    int partitions = cluster.partitionCountForTopic(topic);
    int hash = Utils.toPositive(Utils.murmur2(bytes == null ? body : bytes));
    if (spread <= 0 || spread >= partitions || bytes == null) {
      return hash % partitions;
    }
    int[] own =
        places.computeIfAbsent(
            new Place(FairBuffer.tenantOf(bytes), partitions), place -> choose(place, spread));
    return own[hash % own.length];
  }

  private static int[] choose(Place place, int spread) {
    return IntStream.range(0, place.partitions())
        .boxed()
        .sorted(
            Comparator.comparingInt(p -> Utils.murmur2((place.tenant() + '#' + p).getBytes(UTF_8))))
        .limit(spread)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
