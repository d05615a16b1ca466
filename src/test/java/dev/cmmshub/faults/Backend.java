package dev.cmmshub.faults;

import dev.cmmshub.embedded.BackendMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A broker, a PostgreSQL cluster or a Redis of its own that can be killed, stopped and restarted.
 */
final class Backend implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final String kind;
  private final Path folder;
  private final Thread hook = new Thread(this::end);
  private volatile Process process;
  private volatile boolean ended;

  /**
   * @param kind {@code kafka}, {@code redis}, a broker of several or a PostgreSQL cluster's name
   */
  Backend(String kind, Path folder) throws IOException {
    this.kind = kind;
    this.folder = Files.createDirectories(folder.resolve(kind));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Returns when it answers, at the address it had before. */
  Duration start() throws IOException {
    long begin = System.nanoTime();
    Files.deleteIfExists(folder.resolve("address"));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dhub.log.file=" + folder.resolve("backend.log"),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                BackendMain.class.getName(),
                kind,
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("backend.out").toFile()))
            .start();
    if (ended) {
      kill();
    }
    while (!Files.exists(folder.resolve("address"))) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException(
            kind + " does not start: " + Files.readString(folder.resolve("backend.out")));
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** What it wrote of where it answers. */
  List<String> address() throws IOException {
    return Files.readAllLines(folder.resolve("address"));
  }

  /** Its name, and its folder's. */
  String kind() {
    return kind;
  }

  /** Of the server, not of the JVM that started it. */
  long pid() {
    return daemon().orElse(process.toHandle()).pid();
  }

  /** The tests end: what is just being started must not outlive them. */
  private void end() {
    ended = true;
    kill();
  }

  /** SIGKILL to all its processes; returns when they are gone. */
  void kill() {
    if (process == null) {
      return;
    }
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(
        one -> {
          try {
            one.onExit().get(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (java.util.concurrent.ExecutionException
              | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(kind + " " + one.pid() + " does not die", e);
          }
        });
  }

  /** Starts it again if it ended itself. */
  void revive() throws IOException {
    if (processes().size() < 2 || processes().stream().anyMatch(one -> !one.isAlive())) {
      kill();
      start();
    }
  }

  /** SIGSTOP or SIGCONT to all its processes. */
  void signal(String name) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes().forEach(one -> command.add(Long.toString(one.pid())));
    new ProcessBuilder(command).start().waitFor();
  }

  /** Its JVM, and the server that it started, which is a child or a daemon with a pid file. */
  private List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>();
    add(process.toHandle(), all);
    daemon().ifPresent(server -> add(server, all));
    return all.stream().distinct().toList();
  }

  /** The server that its JVM started. */
  private Optional<ProcessHandle> daemon() {
    for (String file : List.of("postgres-" + kind + "/postmaster.pid", "redis/redis.pid")) {
      try (Stream<String> lines = Files.lines(folder.resolve(file))) {
        return lines.findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.trim())));
      } catch (IOException e) {
        // It is another kind, or not running.
      }
    }
    return Optional.empty();
  }

  private static void add(ProcessHandle one, List<ProcessHandle> all) {
    all.add(one);
    one.descendants().forEach(all::add);
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
