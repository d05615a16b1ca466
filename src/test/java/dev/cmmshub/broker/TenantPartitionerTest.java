package dev.cmmshub.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class TenantPartitionerTest {
  private static final Cluster EIGHT = cluster(8);

  private final TenantPartitioner partitioner = spreading(4);

  private static TenantPartitioner spreading(int spread) {
    TenantPartitioner partitioner = new TenantPartitioner();
    partitioner.configure(TenantPartitioner.settings(spread));
    return partitioner;
  }

  private static Cluster cluster(int partitions) {
    Node node = new Node(0, "localhost", 9092);
    List<PartitionInfo> infos =
        IntStream.range(0, partitions)
            .mapToObj(
                p ->
                    new PartitionInfo("hub.inbound", p, node, new Node[] {node}, new Node[] {node}))
            .toList();
    return new Cluster("test", List.of(node), infos, Set.of(), Set.of());
  }

  private static Set<Integer> partitions(TenantPartitioner by, String tenant, int keys) {
    Set<Integer> found = new TreeSet<>();
    for (int i = 0; i < keys; i++) {
      byte[] key = (tenant + "|sap|workorder|" + i).getBytes(UTF_8);
      int partition = by.partition("hub.inbound", null, key, null, new byte[0], EIGHT);
      assertThat(partition).isBetween(0, 7);
      assertThat(by.partition("hub.inbound", null, key, null, null, EIGHT)).isEqualTo(partition);
      found.add(partition);
    }
    return found;
  }

  @Test
  void aTenantsKeysGoToFourOfEightPartitions() {
    assertThat(partitions(partitioner, "acme", 1000)).hasSize(4);
  }

  @Test
  void tenantsHaveOtherPartitionsAndAllAreUsed() {
    Set<Set<Integer>> shares = new HashSet<>();
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Set<Integer> own = partitions(partitioner, "tenant-" + i, 200);
      shares.add(own);
      used.addAll(own);
    }
    assertThat(used).hasSize(8);
    assertThat(shares).as("of the 70 there are").hasSizeGreaterThan(50);
  }

  @Test
  void allNodesAgree() {
    assertThat(partitions(spreading(4), "acme", 500))
        .isEqualTo(partitions(partitioner, "acme", 500));
  }

  @Test
  void withoutSpreadAKeyGoesAnywhere() {
    assertThat(partitions(spreading(0), "acme", 1000)).hasSize(8);
    assertThat(partitions(spreading(9), "acme", 1000)).hasSize(8);
  }
}
