package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Is told of rows of bulk loads, many at a time. */
final class DigestReceiver implements AutoCloseable {
  private final Set<String> parts = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  DigestReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          JsonNode told = Json.read(exchange.getRequestBody().readAllBytes());
          told.findValues("externalId").forEach(id -> parts.add(id.asText()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** External ids that were named. */
  Set<String> parts() {
    return parts;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
