package dev.cmmshub.notifier;

import dev.cmmshub.egress.EgressRefusedException;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.RetryAfter;
import dev.cmmshub.message.TraceParent;
import dev.cmmshub.tenant.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Posts canonical events to webhooks as the Standard Webhooks specification says: {@code
 * webhook-id} (the event's id, the same for each attempt), {@code webhook-timestamp}, {@code
 * webhook-signature}.
 *
 * <p>Connects to the address that {@link HookAddresses} gives and to no other; the host's name
 * stays in the request, and is what a certificate is checked for.
 *
 * <p>Redirects are not followed; of an answer's body at most 64 kB are read, and none of it is
 * kept; any 2xx within 10 s counts.
 */
public final class WebhookSender implements Sender, AutoCloseable {
  /** Error class of a delivery to an address that must not be called. */
  static final String EGRESS = "egress";

  private static final long TIMEOUT_MS = 10_000;
  private static final int CONNECT_TIMEOUT_MS = 3000;
  // Each observer is limited by its Target: fewer here, and one would wait for another of its host.
  private static final int CONNECTIONS_PER_HOST = 4096;
  private static final int IDLE_SECONDS = 60;
  private static final int LONGEST_BODY = 64 << 10;

  private final HttpClient client;
  private final HookAddresses addresses;
  private final Clock clock;
  private final Map<Subscription, Hook> hooks = new ConcurrentHashMap<>();

  /** What is the same for all deliveries to a subscription. */
  private record Hook(RequestOptions request, WebhookSigner signer) {
    static Hook of(Subscription subscription) {
      return new Hook(
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setAbsoluteURI(subscription.to())
              .setFollowRedirects(false)
              .setTimeout(TIMEOUT_MS),
          new WebhookSigner(subscription.secret().orElseThrow()));
    }
  }

  public WebhookSender(Vertx vertx, HookAddresses addresses, Clock clock) {
    this(vertx, new HttpClientOptions(), addresses, clock);
  }

  WebhookSender(Vertx vertx, HttpClientOptions options, HookAddresses addresses, Clock clock) {
    this.clock = clock;
    this.addresses = addresses;
    this.client =
        vertx.createHttpClient(
            options
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_HOST));
  }

  @Override
  public CompletionStage<Void> send(Delivery delivery) {
    RequestOptions options = new RequestOptions(hook(delivery).request());
    sign(delivery).forEach(options::putHeader);
    if (delivery.event().trace() != null) {
      options.putHeader(TraceParent.HEADER, delivery.event().trace().value());
    }
    EgressTarget target = new EgressTarget(delivery.tenant().id(), delivery.subscription().id());
    return Future.fromCompletionStage(addresses.of(target, options.getHost()))
        .compose(address -> client.request(at(address, options)))
        .compose(request -> post(request, delivery))
        .recover(error -> Future.failedFuture(failure(delivery, error)))
        .toCompletionStage();
  }

  private static RequestOptions at(InetAddress address, RequestOptions options) {
    return options.setServer(
        SocketAddress.inetSocketAddress(new InetSocketAddress(address, options.getPort())));
  }

  /**
   * Says what is done with the answer before one can come: of one that has ended nothing is read.
   */
  private static Future<Void> post(HttpClientRequest request, Delivery delivery) {
    Future<Void> checked = request.response().map(response -> check(delivery, response));
    request.end(Buffer.buffer(delivery.event().data()));
    return checked;
  }

  /** The headers of one attempt. */
  Map<String, String> sign(Delivery delivery) {
    long timestamp = clock.instant().getEpochSecond();
    return Map.of(
        "content-type",
        delivery.event().contentType(),
        "webhook-id",
        delivery.event().id(),
        "webhook-timestamp",
        Long.toString(timestamp),
        "webhook-signature",
        hook(delivery).signer().sign(delivery.event().id(), timestamp, delivery.event().data()),
        "ce-type",
        delivery.event().type(),
        "ce-source",
        delivery.event().key().source(),
        "ce-subject",
        delivery.event().subject());
  }

  private Hook hook(Delivery delivery) {
    return hooks.computeIfAbsent(delivery.subscription(), Hook::of);
  }

  private static Void check(Delivery delivery, HttpClientResponse response) {
    discardBody(response);
    int status = response.statusCode();
    if (status < 200 || status > 299) {
      throw new DeliveryException(
          new Failure(
              "deliver",
              "status",
              "the webhook answered " + status,
              status,
              RetryAfter.of(response.getHeader("Retry-After"), response.getHeader("Date")),
              delivery.subscription().id()));
    }
    return null;
  }

  /** A short body keeps the connection for the next delivery; one that may be endless ends it. */
  private static void discardBody(HttpClientResponse response) {
    AtomicLong read = new AtomicLong();
    // What goes wrong behind the status line changes nothing any more.
    response.exceptionHandler(late -> {});
    response.handler(
        part -> {
          if (read.addAndGet(part.length()) > LONGEST_BODY) {
            response.request().connection().close();
          }
        });
  }

  private static Throwable failure(Delivery delivery, Throwable error) {
    Throwable cause = Target.unwrap(error);
    if (cause instanceof DeliveryException) {
      return cause;
    }
    String subscription = delivery.subscription().id();
    if (cause instanceof EgressRefusedException) {
      return new DeliveryException(Failure.delivery(subscription, EGRESS, cause.getMessage()));
    }
    return new DeliveryException(
        Failure.delivery(
            subscription,
            cause instanceof TimeoutException ? "timeout" : "connection",
            cause.getClass().getSimpleName() + ": " + cause.getMessage()));
  }

  @Override
  public void close() {
    client.close();
  }
}
