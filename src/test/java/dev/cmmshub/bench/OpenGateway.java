package dev.cmmshub.bench;

import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Tenants.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The gateway's routes with the door open: posts come in without credentials, versions, limits and
 * idempotency, so that the gateway beside them tells what those cost.
 */
public final class OpenGateway {
  private static final String DOOR =
      """
              - bean: {ref: credentials, method: requirePublish}
              - bean: {ref: calledVersion, method: admit}
              - bean: {ref: throttle, method: admit}
              - process: {ref: idempotency}
      """;

  private static final String LET_IN = "        - bean: {ref: openGateway, method: letIn}\n";
  private static final String BEAN =
      """
      - beans:
          - {name: openGateway, type: dev.cmmshub.bench.OpenGateway}
      """;

  private final Identity anybody =
      BenchServers.tenants(List.of()).byKeyHash(KeyHash.of(BenchServers.KEY + "0")).orElseThrow();

  /** The step in place of those that are left out. */
  public void letIn(Exchange exchange) {
    exchange.setVariable("identity", anybody);
  }

  /** Writes the routes into a folder and returns their file. */
  static Path write(Path folder) throws IOException {
    String routes = Files.readString(Path.of("routes/1-gateway.camel.yaml"));
    int door = routes.indexOf(DOOR);
    if (door < 0) {
      throw new IllegalStateException("routes/1-gateway.camel.yaml has no such steps:\n" + DOOR);
    }
    return Files.writeString(
        Files.createDirectories(folder).resolve("1-gateway.camel.yaml"),
        BEAN + routes.substring(0, door) + LET_IN + routes.substring(door + DOOR.length()));
  }
}
