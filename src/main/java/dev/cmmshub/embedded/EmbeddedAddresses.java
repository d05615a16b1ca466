package dev.cmmshub.embedded;

import java.util.List;

/** Where the three kinds of servers listen. */
public record EmbeddedAddresses(
    String kafkaBootstrap,
    List<PostgresAddress> shards,
    String redisHost,
    int redisPort,
    String redisPassword) {
  @Override
  public String toString() {
    return "Kafka " + kafkaBootstrap + ", " + shards + ", Redis " + redisHost + ":" + redisPort;
  }
}
