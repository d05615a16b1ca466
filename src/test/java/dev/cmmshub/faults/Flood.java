package dev.cmmshub.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cmmshub.message.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * One tenant that sends much, minds no answer, and sends nothing again. It takes as little of the
 * machine as it can: what is measured beside it is the hub.
 */
final class Flood implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final long FIRST = 100_000_000;
  private static final AtomicLong NUMBERS = new AtomicLong(FIRST);

  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<CompletableFuture<Void>> running = new ArrayList<>();
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private final Queue<LoadClient.Attempt> accepted = new ConcurrentLinkedQueue<>();
  private final FaultBench bench;
  private final String tenant;
  private final long pause;
  private volatile boolean stopped;

  private Flood(FaultBench bench, String tenant, int perSecond) {
    this.bench = bench;
    this.tenant = tenant;
    this.pause = 1_000_000_000L * CONNECTIONS / perSecond;
  }

  /** Sends about so many events a second, each of another object, until closed. */
  static Flood start(FaultBench bench, String tenant, int perSecond) {
    Flood flood = new Flood(bench, tenant, perSecond);
    for (int i = 0; i < CONNECTIONS; i++) {
      long offset = i * flood.pause / CONNECTIONS;
      flood.running.add(CompletableFuture.runAsync(() -> flood.send(offset), flood.threads));
    }
    return flood;
  }

  private void send(long offset) {
    String body = new String(new WorkOrder(tenant, "F" + FIRST, FIRST, false).body(), ISO_8859_1);
    String[] around = body.split(Long.toString(FIRST), -1);
    String head =
        "POST /v1/events/sap HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
            + bench.keys.get(tenant)
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.hub.port())) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (long next = System.nanoTime() + offset; !stopped; next += pause) {
        LockSupport.parkNanos(next - System.nanoTime());
        long number = NUMBERS.incrementAndGet();
        long begin = System.nanoTime();
        out.write((head + String.join(Long.toString(number), around)).getBytes(ISO_8859_1));
        note(in, number, begin);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(InputStream in, long number, long begin) throws IOException {
    int status = Integer.parseInt(line(in).split(" ")[1]);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).trim());
      }
    }
    byte[] answer = in.readNBytes(length);
    answers.computeIfAbsent(status, s -> new LongAdder()).increment();
    if (status == 202) {
      String id = Json.read(answer).get("id").asText();
      bench.ledger.accepted(new Ledger.Entry(id, tenant, "F" + number, number));
      accepted.add(
          new LoadClient.Attempt(
              tenant,
              "F" + number,
              tenant + '/' + id,
              status,
              begin,
              System.nanoTime() - begin,
              begin,
              bench.hub.port()));
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the hub closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** How often each status was answered. */
  Map<Integer, Long> answers() {
    Map<Integer, Long> counts = new TreeMap<>();
    answers.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }

  /** What it got 202 for. */
  List<LoadClient.Attempt> accepted() {
    return List.copyOf(accepted);
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
  }
}
