package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.gateway.cloudevents.BinaryMode;
import dev.cmmshub.gateway.idempotency.Answer;
import dev.cmmshub.gateway.idempotency.Claims;
import dev.cmmshub.gateway.idempotency.Found;
import dev.cmmshub.gateway.idempotency.IdempotencyKey;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Answers a request again that was answered under the same {@code Idempotency-Key}, and refuses one
 * that is being worked on or is another under the same key. Asks Redis without waiting for it; when
 * Redis does not tell, the request goes on, and the event's id sees to it that it counts once.
 *
 * <p>Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
public final class Idempotency extends AsyncProcessorSupport {
  private static final String KEY = "idempotencyKey";
  private static final String CLAIM = "claim";
  private static final int RETRY_AFTER_SECONDS = 1;

  /** A key that this request has claimed, or may yet. */
  private record Held(Claims claims, CompletableFuture<Found> claim) {}

  private final Claims claims;

  public Idempotency(Claims claims) {
    this.claims = claims;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    String header = exchange.getVariable(KEY, String.class);
    if (header == null) {
      callback.done(true);
      return true;
    }
    try {
      exchange.setVariable(KEY, IdempotencyKey.parse(header));
    } catch (ProblemException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    Context loop = Vertx.currentContext();
    Executor goOn = loop == null ? Runnable::run : task -> loop.runOnContext(now -> task.run());
    byte[] body = body(exchange);
    List<String> told = told(exchange);
    CompletableFuture<Found> claim = claims.claim(name(exchange), () -> sha256(told, body));
    Claims.inTime(claim)
        .thenAcceptAsync(
            found -> {
              take(exchange, found, claim);
              callback.done(false);
            },
            goOn);
    return false;
  }

  private void take(Exchange exchange, Found found, CompletableFuture<Found> claim) {
    if (found instanceof Found.Claimed || found instanceof Found.Unknown) {
      exchange.setVariable(CLAIM, new Held(claims, claim));
    } else if (found instanceof Found.Answered answered) {
      repeat(exchange, answered.answer());
    } else if (found instanceof Found.InFlight) {
      exchange.setException(
          new ProblemException(
              409,
              "idempotency-key-in-flight",
              "the request with this Idempotency-Key is still being worked on: send the same again"
                  + " for its answer",
              RETRY_AFTER_SECONDS));
    } else if (found instanceof Found.Reused) {
      exchange.setException(
          new ProblemException(
              422,
              "idempotency-key-reused",
              "this Idempotency-Key came with another request before: give each request its own"));
    }
  }

  private static void repeat(Exchange exchange, Answer answer) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    answer.location().ifPresent(location -> message.setHeader("Location", location));
    message.setHeader("Idempotent-Replayed", "true");
    Throttle.tell(exchange, message);
    message.setBody(answer.body().getBytes(UTF_8));
    exchange.setRouteStop(true);
  }

  /**
   * Keeps what is about to be answered, or frees the key when that is no success.
   *
   * @return null when there is nothing to wait for
   */
  static CompletableFuture<Void> settle(Exchange exchange) {
    if (!(exchange.getVariable(CLAIM) instanceof Held held)) {
      return null;
    }
    return held.claims().end(held.claim(), answer(exchange));
  }

  private static Optional<Answer> answer(Exchange exchange) {
    Message message = exchange.getMessage();
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    if (exchange.getException() != null
        || status >= 300
        || !(message.getBody() instanceof byte[] body)) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer(
            status,
            message.getHeader(Exchange.CONTENT_TYPE, String.class),
            Optional.ofNullable(message.getHeader("Location", String.class)),
            new String(body, UTF_8)));
  }

  /** Whose key it is: a tenant's, for one system, one version and one way in. */
  private static String name(Exchange exchange) {
    return Credentials.identity(exchange).tenant().id()
        + ':'
        + sha256(
            List.of(
                exchange.getVariable("system", String.class),
                CalledVersion.of(exchange),
                exchange.getFromRouteId(),
                exchange.getVariable(KEY, String.class)),
            new byte[0]);
  }

  /** What makes it another request beside its body. */
  private static List<String> told(Exchange exchange) {
    List<String> told = new ArrayList<>();
    told.add(Payloads.mediaType(exchange.getVariable("contentType", String.class)));
    told.add(String.valueOf(exchange.getVariable("soapVersion")));
    for (String name : BinaryMode.HEADERS) {
      told.add(String.valueOf(exchange.getVariable(name, String.class)));
    }
    return told;
  }

  private static byte[] body(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof byte[] body ? body : new byte[0];
  }

  private static String sha256(List<String> texts, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        digest.update(text.getBytes(UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
