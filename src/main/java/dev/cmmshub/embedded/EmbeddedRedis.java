package dev.cmmshub.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.embedded.RedisExecProvider;

/** Redis 7 as a process of its own: only a cache, so nothing of it is written to disk. */
final class EmbeddedRedis implements AutoCloseable {
  static final String VERSION = RedisExecProvider.redisVersion;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final String PROGRAM = "redis-server";

  private final Process process;
  private final int port;

  private EmbeddedRedis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static EmbeddedRedis start(DataDirectory data) throws IOException {
    Path folder = PrivateFiles.folder(data.resolve("redis"));
    Path pidFile = folder.resolve("redis.pid");
    Path configuration = folder.resolve("redis.conf");
    OrphanReaper.reap(pidFile, PROGRAM, configuration);
    Files.deleteIfExists(pidFile);
    int port = data.port("redis");
    // By file, not by arguments: those any user of the machine could list, password and all.
    PrivateFiles.write(configuration, configuration(folder, pidFile, port, data.password("redis")));
    Path log = folder.resolve("redis.log");
    Process process =
        new ProcessBuilder(binary().toString(), configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    EmbeddedRedis redis = new EmbeddedRedis(process, port);
    redis.awaitPort(pidFile, log);
    return redis;
  }

  private static String configuration(Path folder, Path pidFile, int port, String password) {
    return String.join(
        "\n",
        List.of(
            "bind 127.0.0.1",
            "port " + port,
            "requirepass " + password,
            "save \"\"",
            "appendonly no",
            "maxmemory 64mb",
            "maxmemory-policy allkeys-lru",
            "daemonize no",
            "dir " + quoted(folder),
            "pidfile " + quoted(pidFile),
            "set-proc-title no",
            ""));
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Path binary() throws IOException {
    Path folder = BinaryCache.folder("redis");
    Path binary = folder.resolve(PROGRAM + "-" + VERSION);
    if (Files.notExists(binary)) {
      Path unpacked = RedisExecProvider.defaultProvider().get().toPath();
      Path complete = Files.createTempFile(folder, "redis", null);
      Files.copy(unpacked, complete, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(unpacked);
      if (!complete.toFile().setExecutable(true, true)) {
        throw new IOException(complete + " cannot be made executable");
      }
      // Another hub may be doing the same: whoever is last wins, with the same file.
      Files.move(complete, binary, StandardCopyOption.ATOMIC_MOVE);
    }
    return binary;
  }

  /** Redis writes its pid file once it listens, so no stranger on the port is taken for it. */
  private void awaitPort(Path pidFile, Path log) throws IOException {
    String pid = Long.toString(process.pid());
    long begin = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - begin < PATIENCE_NANOS) {
      if (Files.exists(pidFile) && Files.readString(pidFile).trim().equals(pid)) {
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    process.destroyForcibly();
    throw new IOException("it ends or does not answer, see " + log);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(2, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
