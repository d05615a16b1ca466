package dev.cmmshub.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.embedded.RedisExecProvider;

/** Redis 7 as a process of its own: only a cache, so nothing of it is written to disk. */
final class EmbeddedRedis implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Process process;
  private final int port;

  private EmbeddedRedis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static EmbeddedRedis start(DataDirectory data) throws IOException {
    Path folder = Files.createDirectories(data.resolve("redis"));
    Path pidFile = folder.resolve("redis.pid");
    Path configuration = folder.resolve("redis.conf");
    OrphanReaper.reap(pidFile, configuration.toString());
    int port = data.port("redis");
    // By file, not by arguments: those any user of the machine could list, password and all.
    DataDirectory.writePrivately(
        configuration,
        String.join(
            "\n",
            List.of(
                "bind 127.0.0.1",
                "port " + port,
                "requirepass " + data.password("redis"),
                "save \"\"",
                "appendonly no",
                "maxmemory 64mb",
                "maxmemory-policy allkeys-lru",
                "daemonize no",
                "dir " + folder,
                "set-proc-title no",
                "")));
    Process process =
        new ProcessBuilder(binary().toString(), configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    Files.writeString(pidFile, process.pid() + "\n");
    EmbeddedRedis redis = new EmbeddedRedis(process, port);
    redis.awaitPort(folder);
    return redis;
  }

  private static Path binary() throws IOException {
    Path folder = BinaryCache.folder("redis");
    Path binary = folder.resolve("redis-server-" + RedisExecProvider.redisVersion);
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

  private void awaitPort(Path folder) throws IOException {
    long begin = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - begin < PATIENCE_NANOS) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    process.destroyForcibly();
    throw new IOException("Redis does not start: see " + folder.resolve("redis.log"));
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(2, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
