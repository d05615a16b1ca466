package dev.cmmshub.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers of one data directory, started and stopped together. */
public final class EmbeddedServices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServices.class);
  private static final int STOP_SECONDS = 5;

  private final DataDirectory data;
  private final Consumer<String> progress;
  private final ExecutorService threads = Executors.newCachedThreadPool(EmbeddedServices::daemon);
  private final List<AutoCloseable> running = new ArrayList<>();
  private EmbeddedAddresses addresses;

  private EmbeddedServices(DataDirectory data, Consumer<String> progress) {
    this.data = data;
    this.progress = progress;
  }

  /**
   * Starts all servers at once and returns when each answers. If one does not start, the others are
   * stopped again.
   *
   * @param progress gets a line a server
   * @throws IllegalStateException saying which server and where its log is
   */
  public static EmbeddedServices start(EmbeddedSettings settings, Consumer<String> progress) {
    EmbeddedServices services =
        new EmbeddedServices(DataDirectory.lock(settings.dataDirectory()), progress);
    try {
      BinaryCache.dropIncomplete(BinaryCache.folder("postgres"));
      services.startAll(settings);
      return services;
    } catch (IOException | RuntimeException e) {
      services.close();
      Throwable cause = e instanceof CompletionException ? e.getCause() : e;
      throw new IllegalStateException(
          cause.getMessage() + "; the logs are in " + settings.dataDirectory(), cause);
    }
  }

  private void startAll(EmbeddedSettings settings) {
    int kafkaPort = data.port("kafka", settings.kafkaPort());
    CompletableFuture<EmbeddedKafka> kafka =
        start(
            "Kafka " + EmbeddedKafka.VERSION,
            () ->
                EmbeddedKafka.start(
                    data.resolve("kafka"), kafkaPort, data.port("kafka-controller")),
            EmbeddedKafka::bootstrap);
    CompletableFuture<EmbeddedRedis> redis =
        start(
            "Redis " + EmbeddedRedis.VERSION,
            () -> EmbeddedRedis.start(data),
            server -> "127.0.0.1:" + server.port());
    List<CompletableFuture<EmbeddedPostgresCluster>> clusters = new ArrayList<>();
    for (int i = 0; i < settings.shards(); i++) {
      String name = String.valueOf((char) ('a' + i));
      clusters.add(
          start(
              "PostgreSQL " + name,
              () -> EmbeddedPostgresCluster.start(data, name, settings.durable()),
              server -> server.address().jdbcUrl()));
    }
    List<CompletableFuture<?>> all = new ArrayList<>(clusters);
    all.add(kafka);
    all.add(redis);
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    addresses =
        new EmbeddedAddresses(
            kafka.join().bootstrap(),
            clusters.stream().map(cluster -> cluster.join().address()).toList(),
            "127.0.0.1",
            redis.join().port(),
            data.password("redis"));
  }

  private <T extends AutoCloseable> CompletableFuture<T> start(
      String name, Callable<T> start, Function<T, String> address) {
    long begin = System.nanoTime();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            T server = start.call();
            synchronized (running) {
              running.add(server);
            }
            progress.accept(
                String.format(
                    Locale.ROOT,
                    "%s on %s in %.1f s",
                    name,
                    address.apply(server),
                    (System.nanoTime() - begin) / 1e9));
            return server;
          } catch (Exception | LinkageError e) {
            // The caller stops what did start; a program that cannot be unpacked is a linkage
            // error.
            String why = e.getMessage() == null ? String.valueOf(e.getCause()) : e.getMessage();
            throw new CompletionException(
                new IllegalStateException(name + " does not start: " + why, e));
          }
        },
        threads);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "embedded-servers");
    thread.setDaemon(true);
    return thread;
  }

  public EmbeddedAddresses addresses() {
    return addresses;
  }

  /** Stops all servers at once, in 5 s at most, and gives the data directory free. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> stopping = new ArrayList<>();
    synchronized (running) {
      running.forEach(
          server -> stopping.add(CompletableFuture.runAsync(() -> stop(server), threads)));
      running.clear();
    }
    try {
      CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new))
          .get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Not all servers stopped within {} s; the next start ends them", STOP_SECONDS);
    }
    threads.shutdown();
    stop(data);
  }

  private static void stop(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      // The next start reaps what is left.
      LOG.warn("{} did not stop cleanly: {}", server.getClass().getSimpleName(), e.toString());
    }
  }
}
