package dev.cmmshub.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;

/** Media types and shapes of bodies. */
final class Bodies {
  private final Schemas schemas;

  Bodies(Schemas schemas) {
    this.schemas = schemas;
  }

  /** What is wrong with a body for what the document says of the message. */
  List<String> mistakes(Place message, String mediaType, byte[] body) {
    Optional<Place> content = Operation.content(message, mediaType);
    if (content.isEmpty()) {
      return List.of("not described as " + mediaType);
    }
    Place schema = content.get().child("schema");
    // One document; of x-ndjson each line is one.
    if (!mediaType.split(";")[0].strip().matches(".*[/+]json")) {
      return schemas.mistakes(schema, TextNode.valueOf(new String(body, UTF_8)));
    }
    try {
      return schemas.mistakes(schema, Json.read(body));
    } catch (MalformedPayloadException e) {
      return List.of("not JSON: " + e.getMessage());
    }
  }

  /** The bytes that a request was sent with, if it knew its length. */
  static Optional<byte[]> sent(HttpRequest request) {
    return request
        .bodyPublisher()
        .filter(publisher -> publisher.contentLength() >= 0)
        .map(
            publisher -> {
              BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
              publisher.subscribe(new Collecting(bytes));
              return bytes.getBody().toCompletableFuture().join();
            });
  }

  private record Collecting(BodySubscriber<byte[]> bytes) implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      bytes.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      bytes.onNext(List.of(buffer));
    }

    @Override
    public void onError(Throwable error) {
      bytes.onError(error);
    }

    @Override
    public void onComplete() {
      bytes.onComplete();
    }
  }
}
