package dev.cmmshub.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs docker/elk/setup.sh as the containers do, against a real search engine. What OpenSearch has
 * not, as Elasticsearch has (ILM, users, Kibana), is only kept here to be looked at.
 */
final class ElkSetup implements AutoCloseable {
  static final String PASSWORD = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final String LIFECYCLE = "logs-cmms_hub@lifecycle";

  private final SearchEngine engine;
  private final Path secrets;
  private final Map<String, String> kept = new ConcurrentHashMap<>();
  private final HttpServer server;

  ElkSetup(SearchEngine engine, Path folder) throws IOException {
    this.engine = engine;
    this.secrets = Files.createDirectory(folder.resolve("secrets"));
    for (String name : new String[] {"elastic", "elastic-logs", "elastic-kibana"}) {
      Files.writeString(secrets.resolve(name), name.equals("elastic") ? PASSWORD : "of-" + name);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Runs one part of it, which must succeed. */
  void run(String part) throws IOException, InterruptedException {
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    ProcessBuilder script =
        new ProcessBuilder("sh", "docker/elk/setup.sh", part).redirectErrorStream(true);
    script.environment().put("ELASTICSEARCH", address);
    script.environment().put("KIBANA", address);
    script.environment().put("SECRETS", secrets.toString());
    Process process = script.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** What was sent to a path that the engine has not. */
  String kept(String path) {
    return kept.get(path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String basic = Base64.getEncoder().encodeToString(("elastic:" + PASSWORD).getBytes(UTF_8));
    if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "{}");
    } else if (path.matches("/(_ilm|_security|api)/.*") || path.endsWith('/' + LIFECYCLE)) {
      kept.put(path, body);
      answer(exchange, 200, "{\"success\":true}");
    } else {
      HttpResponse<String> real = forward(exchange, path, body);
      answer(exchange, real.statusCode(), real.body());
    }
  }

  private HttpResponse<String> forward(HttpExchange exchange, String path, String body)
      throws IOException {
    String known = body;
    if (path.startsWith("/_index_template/")) {
      ObjectNode template = (ObjectNode) Json.mapper().readTree(body);
      ArrayNode parts = (ArrayNode) template.get("composed_of");
      for (int i = parts.size() - 1; i >= 0; i--) {
        if (parts.get(i).asText().equals(LIFECYCLE)) {
          parts.remove(i);
        }
      }
      known = template.toString();
    }
    try {
      return engine.send(exchange.getRequestMethod(), path, known);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
