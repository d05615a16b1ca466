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
  private static final Duration STUCK = Duration.ofMinutes(1);
  private static final String NOTHING_MOVES = "the hub has taken nothing for a minute";
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
      CompletableFuture<JsonNode> sent = once(offset());
      long began = System.nanoTime();
      while (!sent.isDone()) {
        LockSupport.parkNanos(GLANCE.toNanos());
        JsonNode job = find();
        if (job != null) {
          note(job);
          progress.accept(job);
        }
        if (System.nanoTime() - Math.max(began, moved) > STUCK.toNanos()) {
          // The hub answers earlier than that, whatever it waits for: this connection is dead.
          sent.completeExceptionally(new UncheckedIOException(new IOException(NOTHING_MOVES)));
        }
      }
      try {
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
      // What a sender before this one had sent was still being taken.
      boolean hasMoved = refused.code().equals("offset");
      if (refused.retryAfterSeconds() == 0 && !hasMoved) {
        throw failure;
      }
      pause = hasMoved ? PAUSE : Duration.ofSeconds(refused.retryAfterSeconds());
    }
    if (System.nanoTime() - moved > PATIENCE.toNanos()) {
      throw failure;
    }
    LockSupport.parkNanos(pause.toNanos());
  }

  private static IOException cause(CompletionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof UncheckedIOException unchecked) {
      return unchecked.getCause();
    }
    if (cause instanceof IOException broken) {
      return broken;
    }
    throw e;
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

  private long offset() throws InterruptedException {
    JsonNode job = find();
    return job == null ? 0 : job.at("/received/bytes").asLong();
  }

  private CompletableFuture<JsonNode> once(long offset) throws IOException {
    String path =
        "/v1/bulk/"
            + system
            + "?name="
            + AdminClient.encoded(String.valueOf(file.getFileName()))
            + (entity == null ? "" : "&entity=" + AdminClient.encoded(entity))
            + (offset == 0 ? "" : "&offset=" + offset);
    return client.send(
        path, Map.of("Content-Type", format.type(), "Idempotency-Key", key), body(offset));
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
