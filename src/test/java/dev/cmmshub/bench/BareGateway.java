package dev.cmmshub.bench;

import dev.cmmshub.broker.EventPublisher;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The least that answers 202 after the broker's acknowledgement: no key, no check, no event id. */
final class BareGateway implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  BareGateway(String brokers, String topic, int port) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(EventPublisher.settings(brokers, 12 << 20));
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    HttpServer server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(port, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    request.body().onSuccess(body -> publish(request, body));
  }

  private void publish(HttpServerRequest request, Buffer body) {
    String id = UUID.randomUUID().toString();
    var context = vertx.getOrCreateContext();
    producer.send(
        new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), body.getBytes()),
        (metadata, error) ->
            context.runOnContext(
                ignored ->
                    request
                        .response()
                        .setStatusCode(error == null ? 202 : 503)
                        .putHeader("Content-Type", "application/json")
                        .end("{\"id\":\"" + id + "\",\"status\":\"accepted\"}")));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    producer.close();
  }
}
