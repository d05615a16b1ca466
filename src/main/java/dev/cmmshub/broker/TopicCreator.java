package dev.cmmshub.broker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing; never changes one that exists. */
public final class TopicCreator {
  private static final int TIMEOUT_SECONDS = 30;

  private final String brokers;
  private final int partitions;
  private final short replication;
  private final int largestMessage;

  public TopicCreator(String brokers, int partitions, int replication, int largestMessage) {
    this.brokers = brokers;
    this.partitions = partitions;
    this.replication = (short) replication;
    this.largestMessage = largestMessage;
  }

  /**
   * Returns when all topics exist.
   *
   * @throws IllegalStateException when the broker does not answer within 30 s or refuses
   */
  public void createMissing(Topics topics) {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            brokers,
            AdminClientConfig.CLIENT_ID_CONFIG,
            "hub-topics");
    try (Admin admin = Admin.create(settings)) {
      Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      List<NewTopic> missing =
          topics.all().stream()
              .filter(topic -> !existing.contains(topic))
              .map(this::topic)
              .toList();
      if (!missing.isEmpty()) {
        admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed(e.getCause());
      }
    } catch (TimeoutException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private NewTopic topic(String name) {
    return new NewTopic(name, partitions, replication)
        .configs(Map.of("max.message.bytes", Integer.toString(largestMessage)));
  }

  private IllegalStateException failed(Throwable cause) {
    return new IllegalStateException(
        "Kafka at "
            + brokers
            + ": topics could not be created ("
            + cause.getMessage()
            + "); check hub.kafka.brokers and the rights of its user",
        cause);
  }
}
