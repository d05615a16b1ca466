package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.gateway.tls.PortTls;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.yaml.Watched;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Whether the hub lives and is ready. Ready means it can keep its promise to accept: Camel runs and
 * Kafka answers. A shard or Redis that is away is shown and does not make it unready, since events
 * wait in Kafka meanwhile.
 */
public final class Health implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 2;

  private final CamelContext context;
  private final Shards shards;
  private final StringRedisTemplate redis;
  private final Map<String, Watched<?>> files;
  private final Map<String, PortTls> ports;
  private final Admin admin;

  /** One answer; {@code up} decides between 200 and 503. */
  public record Answer(boolean up, byte[] json) {}

  /**
   * @param files what people write, by its name: shown, and decides nothing, since the last good
   *     version is in use
   * @param ports those of the hub by their names, the same with their certificates
   */
  public Health(
      CamelContext context,
      String brokers,
      Shards shards,
      StringRedisTemplate redis,
      Map<String, Watched<?>> files,
      Map<String, PortTls> ports) {
    this.ports = ports;
    this.files = new TreeMap<>(files);
    this.context = context;
    this.shards = shards;
    this.redis = redis;
    this.admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                brokers,
                "client.id",
                "hub-health",
                "default.api.timeout.ms",
                2000,
                "request.timeout.ms",
                1500));
  }

  public Answer live() {
    return answer(check("camel", context.getStatus().isStarted(), ""));
  }

  public Answer ready() {
    ArrayNode checks = check("camel", context.getStatus().isStarted(), "");
    Map<String, String> servers = servers();
    String kafka = servers.remove("kafka");
    add(checks, "kafka", kafka.isEmpty(), kafka);
    Answer decided = answer(checks);
    servers.forEach((name, problem) -> add(checks, name, problem.isEmpty(), problem));
    files.forEach((name, file) -> add(checks, name, file.isValid(), problem(name, file)));
    ports.forEach((name, tls) -> certificate(checks, name, tls));
    return new Answer(decided.up(), render(decided.up(), checks));
  }

  /** Asks each server: what is wrong with it, or nothing. Takes 3 s for each that is away. */
  Map<String, String> servers() {
    Map<String, String> problems = new LinkedHashMap<>();
    problems.put("kafka", kafka());
    for (Shard shard : shards.all()) {
      problems.put("shard-" + shard.name(), shard(shard));
    }
    problems.put("redis", redis());
    return problems;
  }

  private static void certificate(ArrayNode checks, String port, PortTls tls) {
    if (tls.expires().isPresent()) {
      add(
          checks,
          "certificate-" + port,
          tls.isValid(),
          tls.isValid()
              ? ""
              : "the files of hub."
                  + port
                  + ".tls cannot be used as they are now, what they said before is; the log tells why");
    }
  }

  private String kafka() {
    try {
      admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ExecutionException | TimeoutException e) {
      return String.valueOf(e.getMessage() == null ? "no answer in 2 s" : e.getMessage());
    }
  }

  private static String shard(Shard shard) {
    try (Connection connection = shard.dataSource().getConnection()) {
      return connection.isValid(TIMEOUT_SECONDS) ? "" : "connection is not valid";
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  private String redis() {
    try {
      redis.hasKey("hub:health");
      return "";
    } catch (DataAccessException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Without what the file says: health has no credentials. */
  private static String problem(String name, Watched<?> file) {
    return file.isValid()
        ? ""
        : name + ".yaml cannot be used as it is now, its last good version is; the log tells why";
  }

  private static ArrayNode check(String name, boolean up, String problem) {
    ArrayNode checks = Json.mapper().createArrayNode();
    add(checks, name, up, problem);
    return checks;
  }

  private static void add(ArrayNode checks, String name, boolean up, String problem) {
    ObjectNode check = checks.addObject().put("name", name).put("status", up ? "UP" : "DOWN");
    if (!problem.isEmpty()) {
      check.put("problem", problem);
    }
  }

  private static Answer answer(ArrayNode checks) {
    boolean up = true;
    for (var check : checks) {
      up &= check.get("status").asText().equals("UP");
    }
    return new Answer(up, render(up, checks));
  }

  private static byte[] render(boolean up, ArrayNode checks) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("status", up ? "UP" : "DOWN");
    document.set("checks", checks);
    return Json.write(document);
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ZERO);
  }
}
