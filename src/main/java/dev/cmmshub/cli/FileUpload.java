package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.batch.rows.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Sends a file, and goes on where it was left when the hub is away for a while. */
final class FileUpload {
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final TenantClient client;
  private final Path file;
  private final Format format;
  private final String system;
  private final String entity;
  private final String key;
  private long receivedRows = -1;
  private long moved = System.nanoTime();

  /**
   * @param entity or null
   * @param key names the job
   */
  FileUpload(
      TenantClient client, Path file, Format format, String system, String entity, String key) {
    this.client = client;
    this.file = file;
    this.format = format;
    this.system = AdminClient.encoded(system);
    this.entity = entity;
    this.key = key;
  }

  /**
   * Returns the job when the hub has all rows.
   *
   * @param progress is shown the job now and then
   * @throws IOException when the hub refuses the file, or takes nothing for ten minutes
   */
  JsonNode send(Consumer<JsonNode> progress) throws IOException, InterruptedException {
    while (true) {
      CompletableFuture<JsonNode> sent = CompletableFuture.supplyAsync(() -> once(offset()));
      try {
        while (!sent.isDone()) {
          LockSupport.parkNanos(GLANCE.toNanos());
          JsonNode job = find();
          if (job != null) {
            note(job);
            progress.accept(job);
          }
        }
        return sent.join();
      } catch (CompletionException e) {
        waitAfter(cause(e));
      }
    }
  }

  /** Those that may pass are waited for. */
  private void waitAfter(IOException failure) throws IOException {
    Duration pause = PAUSE;
    if (failure instanceof TenantClient.RefusedException refused) {
      if (refused.retryAfterSeconds() == 0) {
        throw failure;
      }
      pause = Duration.ofSeconds(refused.retryAfterSeconds());
    }
    if (System.nanoTime() - moved > PATIENCE.toNanos()) {
      throw failure;
    }
    LockSupport.parkNanos(pause.toNanos());
  }

  private static IOException cause(CompletionException e) throws InterruptedException {
    Throwable cause = e.getCause();
    if (cause instanceof UncheckedIOException unchecked) {
      return unchecked.getCause();
    }
    throw cause instanceof RuntimeException runtime ? runtime : e;
  }

  private void note(JsonNode job) {
    long rows = job.at("/received/rows").asLong();
    if (rows != receivedRows) {
      receivedRows = rows;
      moved = System.nanoTime();
    }
  }

  /** Null while there is none, or nobody answers. */
  private JsonNode find() throws InterruptedException {
    try {
      JsonNode jobs =
          client.get("/v1/jobs?system=" + system + "&key=" + AdminClient.encoded(key)).get("jobs");
      return jobs.isEmpty() ? null : jobs.get(0);
    } catch (IOException e) {
      return null;
    }
  }

  private long offset() {
    try {
      JsonNode job = find();
      return job == null ? 0 : job.at("/received/bytes").asLong();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private JsonNode once(long offset) {
    String path =
        "/v1/bulk/"
            + system
            + "?name="
            + AdminClient.encoded(String.valueOf(file.getFileName()))
            + (entity == null ? "" : "&entity=" + AdminClient.encoded(entity))
            + (offset == 0 ? "" : "&offset=" + offset);
    try {
      return client.send(
          path, Map.of("Content-Type", format.type(), "Idempotency-Key", key), body(offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private BodyPublisher body(long offset) throws IOException {
    long left = Files.size(file) - offset;
    if (left == 0) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(offset)), left);
  }

  private InputStream open(long offset) {
    try {
      InputStream in = Files.newInputStream(file);
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
