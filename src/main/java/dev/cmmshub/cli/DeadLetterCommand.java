package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what could not be handled. */
@Command(
    name = "dead-letter",
    mixinStandardHelpOptions = true,
    description = "Shows events that can never work without a hand.",
    subcommands = DeadLetterCommand.ListCommand.class)
final class DeadLetterCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new IllegalArgumentException("which? ./hub dead-letter list");
  }

  /** Asks the running hub. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists dead letters, the newest first.")
  static final class ListCommand implements Callable<Integer> {
    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private String tenant;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most this many a shard (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
        names = "--admin",
        paramLabel = "URL",
        defaultValue = "http://127.0.0.1:8081",
        description = "The hub's administration address (default ${DEFAULT-VALUE}).")
    private String admin;

    @Option(names = "--json", description = "Prints JSON for machines.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
      String query =
          "?limit="
              + limit
              + (tenant == null
                  ? ""
                  : "&tenant=" + URLEncoder.encode(tenant, StandardCharsets.UTF_8));
      String body = get(URI.create(admin + "/admin/v1/dead-letters" + query));
      if (json) {
        System.out.println(body);
        return 0;
      }
      JsonNode letters = Json.read(body.getBytes(StandardCharsets.UTF_8));
      if (letters.isEmpty()) {
        System.out.println("No dead letters.");
      }
      for (JsonNode letter : letters) {
        System.out.printf(
            "%s  %s  %s%n    %s %s: %s%n",
            letter.get("diedAt").asText(),
            letter.get("id").asText(),
            letter.get("key").asText(),
            letter.get("stage").asText(),
            letter.get("errorClass").asText(),
            letter.get("reason").asText());
      }
      return 0;
    }

    private String get(URI address) throws IOException, InterruptedException {
      HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
      try {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new IOException(address + " answered " + answer.statusCode());
        }
        return answer.body();
      } catch (ConnectException e) {
        throw new IOException(
            "no hub answers at " + admin + ": start it with ./hub run, or name it with --admin", e);
      }
    }
  }
}
