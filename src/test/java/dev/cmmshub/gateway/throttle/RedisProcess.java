package dev.cmmshub.gateway.throttle;

import dev.cmmshub.Backends;
import dev.cmmshub.RedisConnection;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.tenant.Secret;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.RedisExecProvider;

/** A Redis of a test's own, to be killed, stopped in its tracks and started again. */
final class RedisProcess implements AutoCloseable {
  private static final String PASSWORD = "redis-of-a-test";

  private final int port = LoopbackPorts.free();
  private final File program;
  private Process process;

  RedisProcess() throws IOException {
    program = RedisExecProvider.defaultProvider().get();
    start();
  }

  /** Returns when it listens. */
  void start() throws IOException {
    process =
        new ProcessBuilder(
                program.getPath(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--requirepass",
                PASSWORD,
                "--save",
                "")
            .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!TestHub.eventually(this::listens)) {
      throw new IOException("Redis does not listen on port " + port);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Connections stay open and are taken, and nothing is answered. */
  void hang() throws IOException, InterruptedException {
    signal(process.pid(), "STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal(process.pid(), "CONT");
  }

  private static void signal(long pid, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  RedisConnection connect() {
    return new RedisConnection(
        new Backends("", List.of(), "127.0.0.1", port, new Secret(PASSWORD)));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    program.delete();
  }
}
