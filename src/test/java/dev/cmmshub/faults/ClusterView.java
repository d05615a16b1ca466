package dev.cmmshub.faults;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * What each of several brokers does at the moment.
 *
 * @param controller the node that decides for all
 * @param led how many partitions a node leads, of the hub's topics and of Kafka's own
 */
record ClusterView(int controller, Map<Integer, Long> led) {

  static ClusterView ask(String brokers) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      int controller = admin.describeMetadataQuorum().quorumInfo().get().leaderId();
      Map<Integer, Long> led = new TreeMap<>();
      partitions(admin).stream()
          .filter(partition -> partition.leader() != null)
          .forEach(partition -> led.merge(partition.leader().id(), 1L, Long::sum));
      return new ClusterView(controller, led);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<TopicPartitionInfo> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    var names =
        admin
            .listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
            .names()
            .get();
    return admin.describeTopics(names).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .toList();
  }

  /** Who leads most; the controller, if it leads as many. */
  int busiest() {
    return led.entrySet().stream()
        .max(
            Comparator.comparing((Map.Entry<Integer, Long> node) -> node.getValue())
                .thenComparing(node -> node.getKey() == controller))
        .orElseThrow()
        .getKey();
  }

  /** What is lost with a node. */
  String of(int node) {
    return "leads %d of %d partitions%s"
        .formatted(
            led.getOrDefault(node, 0L),
            led.values().stream().mapToLong(Long::longValue).sum(),
            node == controller ? ", is the controller" : "");
  }
}
