package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A seeded client of three tenants: sends work orders, and what was not accepted again. */
final class LoadClient {
  private static final int KEYS = 200;
  private static final long FIRST_VERSION = 1_780_000_000_000L;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final int port;
  private final Map<String, String> keys;
  private final Ledger ledger;
  private final ObjectNode sample;
  private final AtomicLong versions = new AtomicLong(FIRST_VERSION);
  private volatile boolean running;

  LoadClient(int port, Map<String, String> keys, Ledger ledger) {
    this.port = port;
    this.keys = keys;
    this.ledger = ledger;
    try {
      this.sample =
          (ObjectNode)
              Json.read(
                  Files.readAllBytes(
                      Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends about so many events a second until stopped. */
  Thread run(long seed, int perSecond) {
    running = true;
    Random random = new Random(seed);
    List<String> tenants = keys.keySet().stream().sorted().toList();
    Thread thread =
        new Thread(
            () -> {
              while (running) {
                String tenant = tenants.get(random.nextInt(tenants.size()));
                send(tenant, "W" + random.nextInt(KEYS), versions.addAndGet(10));
                LockSupport.parkNanos(1_000_000_000L / perSecond);
              }
            },
            "load");
    thread.start();
    return thread;
  }

  void stop() {
    running = false;
  }

  /** Sends until it is accepted or the load is stopped. */
  void send(String tenant, String number, long version) {
    byte[] body = body(number, version, "2");
    do {
      if (post(tenant, number, version, body)) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    } while (running);
  }

  /** One attempt; true when accepted. */
  boolean post(String tenant, String number, long version, byte[] body) {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events/sap"))
                  .header("X-API-Key", keys.get(tenant))
                  .header("Content-Type", "application/json")
                  .timeout(Duration.ofSeconds(10))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 202) {
        String id = Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").asText();
        ledger.accepted(new Ledger.Entry(id, tenant, number, version));
        return true;
      }
      if (answer.statusCode() < 500) {
        throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
      }
      return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A work order; a priority that is no text breaks the canonical schema. */
  byte[] body(String number, long version, Object priority) {
    ObjectNode document = sample.deepCopy();
    ObjectNode order = document.path("d") instanceof ObjectNode inner ? inner : document;
    order.put("MaintenanceOrder", number).put("LastChangeDateTime", "/Date(" + version + ")/");
    order.set("MaintPriority", Json.mapper().valueToTree(priority));
    return Json.write(document);
  }
}
