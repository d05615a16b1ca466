package dev.cmmshub.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** So many callers, each sending its next request when the last one was answered. */
final class HttpLoad implements AutoCloseable {
  record Outcome(double perSecond, double p99Millis, int failures) {}

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient client;
  private final int callers;

  HttpLoad(int callers) {
    this.callers = callers;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(callers));
  }

  Outcome run(
      int port, String path, Map<String, String> headers, int requests, IntFunction<byte[]> body) {
    Run run = new Run(port, path, headers, requests, body);
    long begin = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      vertx.runOnContext(ignored -> run.next());
    }
    run.await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    Arrays.sort(run.nanos);
    return new Outcome(
        requests / seconds, run.nanos[(int) (requests * 0.99)] / 1e6, run.failures.get());
  }

  private final class Run {
    private final int port;
    private final String path;
    private final Map<String, String> headers;
    private final int requests;
    private final IntFunction<byte[]> body;
    private final long[] nanos;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch answered;

    Run(
        int port,
        String path,
        Map<String, String> headers,
        int requests,
        IntFunction<byte[]> body) {
      this.port = port;
      this.path = path;
      this.headers = headers;
      this.requests = requests;
      this.body = body;
      this.nanos = new long[requests];
      this.answered = new CountDownLatch(requests);
    }

    void next() {
      int index = sent.getAndIncrement();
      if (index >= requests) {
        return;
      }
      long begin = System.nanoTime();
      RequestOptions options =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setHost("127.0.0.1")
              .setPort(port)
              .setURI(path);
      headers.forEach(options::putHeader);
      client
          .request(options)
          .compose(request -> request.send(Buffer.buffer(body.apply(index))))
          .compose(response -> response.body().map(ignored -> response.statusCode()))
          .onComplete(
              answer -> {
                nanos[index] = System.nanoTime() - begin;
                if (answer.failed() || answer.result() != 202) {
                  failures.incrementAndGet();
                }
                answered.countDown();
                next();
              });
    }

    void await() {
      try {
        answered.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
