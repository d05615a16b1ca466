package dev.cmmshub.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The same posts by an asynchronous client alone: no signature, no order, nothing noted. */
final class BareClient {
  private BareClient() {}

  static Cost.PerOperation run(String address, List<byte[]> bodies, int connections)
      throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(connections));
    CountDownLatch answered = new CountDownLatch(bodies.size());
    Cost cost = new Cost();
    for (byte[] body : bodies) {
      client
          .request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(address))
          .compose(request -> request.send(Buffer.buffer(body)))
          .onSuccess(response -> answered.countDown());
    }
    answered.await();
    Cost.PerOperation each = cost.per(bodies.size());
    vertx.close().toCompletionStage().toCompletableFuture().join();
    return each;
  }
}
