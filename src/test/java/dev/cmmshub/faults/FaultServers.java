package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The servers of a class of fault tests, the hub of the test that runs, and its logs when it fails.
 */
final class FaultServers
    implements BeforeAllCallback,
        AfterAllCallback,
        AfterEachCallback,
        TestExecutionExceptionHandler {
  /** What starts servers below a folder. */
  private interface Starter {
    AutoCloseable start(FaultServers servers, Path folder) throws IOException;
  }

  private final Starter starter;
  private Path folder;
  private AutoCloseable running;
  private EmbeddedAddresses addresses;
  private Backends backends;
  private SmallDisk kafkaDisk;
  private SmallDisk shardDisk;
  private FaultBench bench;

  private FaultServers(Starter starter) {
    this.starter = starter;
  }

  /** Servers that outlive the hub, in the JVM of the tests. */
  static FaultServers steady() {
    return new FaultServers(
        (servers, folder) -> {
          EmbeddedServices services =
              EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
          servers.addresses = services.addresses();
          return services;
        });
  }

  /** Servers in processes of their own. */
  static FaultServers killable() {
    return new FaultServers(
        (servers, folder) -> {
          servers.backends = new Backends(folder);
          servers.addresses = servers.backends.start();
          return servers.backends;
        });
  }

  /** The same, with the broker and shard a each on a file system of so many megabytes. */
  static FaultServers onSmallDisks(int kafka, int shard) {
    return new FaultServers(
        (servers, folder) -> {
          servers.kafkaDisk = mount(folder.resolve("kafka"), kafka);
          servers.shardDisk = mount(folder.resolve("a"), shard);
          servers.backends = new Backends(folder);
          servers.addresses = servers.backends.start();
          return () -> {
            servers.backends.close();
            servers.kafkaDisk.close();
            servers.shardDisk.close();
          };
        });
  }

  private static SmallDisk mount(Path folder, int megabytes) throws IOException {
    try {
      return SmallDisk.mount(folder, megabytes);
    } catch (IOException e) {
      return Assumptions.abort("skipped, a small file system cannot be mounted: " + e.getMessage());
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("cmms-hub-faults");
    // For a run that is stopped in the middle.
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    running = starter.start(this, folder);
  }

  /** A hub of a test's own, not started yet, which ends with the test. */
  FaultBench bench(String name, Map<String, String> settings) throws IOException {
    return bench(name, settings, addresses);
  }

  /**
   * @param reached the servers as the hub sees them
   */
  FaultBench bench(String name, Map<String, String> settings, EmbeddedAddresses reached)
      throws IOException {
    bench = new FaultBench(reached, folder.resolve(name), settings);
    return bench;
  }

  /** The same, started. */
  FaultBench start(String name, Map<String, String> settings) throws IOException {
    bench(name, settings).hub.start();
    return bench;
  }

  EmbeddedAddresses addresses() {
    return addresses;
  }

  /** The servers' processes; only where they are killable. */
  Backends backends() {
    return backends;
  }

  SmallDisk kafkaDisk() {
    return kafkaDisk;
  }

  /** Shard a's. */
  SmallDisk shardDisk() {
    return shardDisk;
  }

  /** Asks ten times a second whether it is so; fails after a minute. */
  static void await(Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - begin > Oracle.QUIET.toNanos()) {
        throw new AssertionError("not so within " + Oracle.QUIET);
      }
      pause(100);
    }
  }

  static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    System.out.println(bench == null ? "no hub was started" : bench.hub.tail());
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (bench != null) {
      bench.close();
      bench = null;
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    stop();
    delete(folder);
  }

  private synchronized void stop() {
    if (running != null) {
      try {
        running.close();
      } catch (Exception e) {
        throw new IllegalStateException("the servers do not stop", e);
      }
      running = null;
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
