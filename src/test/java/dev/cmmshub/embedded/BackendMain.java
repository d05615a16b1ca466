package dev.cmmshub.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/**
 * One of the embedded servers in a process of its own, so that a test can kill or stop it alone.
 */
public final class BackendMain {
  private BackendMain() {}

  /**
   * Arguments: {@code kafka}, {@code redis}, {@code broker-1} and so on of {@link ClusterBroker},
   * or the name of a PostgreSQL cluster, and its folder. The file {@code address} in it gets a line
   * a part once the server answers.
   */
  public static void main(String[] arguments) throws Exception {
    String kind = arguments[0];
    Path folder = Path.of(arguments[1]);
    DataDirectory data = DataDirectory.lock(folder);
    String address =
        switch (kind) {
          case "kafka" ->
              EmbeddedKafka.start(
                      data.resolve("kafka"), data.port("kafka"), data.port("kafka-controller"))
                  .bootstrap();
          case "redis" -> EmbeddedRedis.start(data).port() + "\n" + data.password("redis");
          case "broker-1", "broker-2", "broker-3" -> ClusterBroker.start(folder);
          default -> {
            PostgresAddress shard = EmbeddedPostgresCluster.start(data, kind, true).address();
            yield shard.jdbcUrl() + "\n" + shard.adminUser() + "\n" + shard.adminPassword();
          }
        };
    Path written = Files.writeString(folder.resolve("address.new"), address);
    Files.move(written, folder.resolve("address"), StandardCopyOption.ATOMIC_MOVE);
    new CountDownLatch(1).await();
  }
}
