package dev.cmmshub.cli;

import dev.cmmshub.cli.demo.DemoEvents;
import dev.cmmshub.cli.demo.DemoSecrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Posts the demo's events to its hub. */
final class DemoSender {
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final String base;
  private final DemoSecrets secrets;
  private final Terminal terminal;

  DemoSender(String base, DemoSecrets secrets, Terminal terminal) {
    this.base = base;
    this.secrets = secrets;
    this.terminal = terminal;
  }

  /** One after the other; returns how many were refused. */
  int send(List<DemoEvents.Post> posts) throws IOException, InterruptedException {
    int refused = 0;
    for (DemoEvents.Post post : posts) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(base + post.path()))
                  .header("Authorization", "Bearer " + secrets.keys().get(post.tenant()))
                  .header("Content-Type", post.contentType())
                  .timeout(Duration.ofSeconds(10))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(post.body()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        refused++;
        terminal.bad(post.path() + " answered " + answer.statusCode() + ": " + answer.body());
      }
    }
    return refused;
  }
}
