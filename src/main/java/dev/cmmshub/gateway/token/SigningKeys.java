package dev.cmmshub.gateway.token;

import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressRefusedException;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TokenIssuer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the keys of all issuers that tenants.yaml names. They are fetched as soon as it names them,
 * again and again, and early when a token names a key that is not there; all on threads of their
 * own, so that no request waits. While an issuer is down the keys from before count.
 */
public final class SigningKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final int PERIOD_MS = 200;
  // An issuer that does not answer holds a thread for 10 s; others must not wait for it.
  private static final int THREADS = 8;

  /**
   * What decides which keys they are; two of one tenant are fetched apart, each by its own name.
   */
  private record Source(String tenant, String id, String issuer, Optional<URI> jwks) {
    static Source of(Tenant tenant, TokenIssuer issuer) {
      return new Source(tenant.id(), issuer.id(), issuer.issuer(), issuer.jwks());
    }
  }

  private final Supplier<Tenants> tenants;
  private final IssuerClient client;
  private final long refresh;
  private final long unknownPause;
  private final Map<Source, IssuerKeys> known = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker = Daemons.ticker("token-keys");
  private final ExecutorService fetchers =
      Executors.newFixedThreadPool(THREADS, Daemons.named("token-keys-fetch"));
  private Tenants seen;

  /**
   * @param refresh from one fetch of an issuer's keys to the next
   * @param unknownPause between two fetches of an issuer at least, when tokens name unknown keys
   */
  public SigningKeys(
      Supplier<Tenants> tenants,
      Vertx vertx,
      Egress egress,
      Duration refresh,
      Duration unknownPause) {
    this.tenants = tenants;
    this.client = new IssuerClient(vertx, egress);
    this.refresh = refresh.toNanos();
    this.unknownPause = unknownPause.toNanos();
  }

  /** Fetches from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Those of one issuer of a tenant; never waits. */
  IssuerKeys of(Tenant tenant, TokenIssuer issuer) {
    return known.computeIfAbsent(
        Source.of(tenant, issuer),
        source ->
            new IssuerKeys(
                new EgressTarget(tenant.id(), issuer.id()),
                issuer,
                refresh,
                unknownPause,
                System.nanoTime()));
  }

  private void look() {
    try {
      Tenants now = tenants.get();
      if (now != seen) {
        follow(now);
        seen = now;
      }
      for (IssuerKeys keys : known.values()) {
        if (keys.begin(System.nanoTime())) {
          fetchers.execute(() -> fetch(keys));
        }
      }
    } catch (RuntimeException e) {
      // The next look tries again; without this there would be none.
      LOG.error("Looking for keys of token issuers failed", e);
    }
  }

  private void follow(Tenants now) {
    Set<Source> named = new HashSet<>();
    for (Tenant tenant : now.all()) {
      for (TokenIssuer issuer : tenant.tokens()) {
        named.add(Source.of(tenant, issuer));
        of(tenant, issuer);
      }
    }
    known.keySet().retainAll(named);
  }

  private void fetch(IssuerKeys keys) {
    try {
      KeySet fetched = client.fetch(keys.target(), keys.issuer());
      if (keys.done(fetched, System.nanoTime())) {
        LogFields.tenant(LOG.atInfo(), keys.target().tenant())
            .log("{}: the keys of the token issuer are fetched again", keys.target());
      }
    } catch (IOException | EgressRefusedException | IllegalArgumentException e) {
      failed(keys, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failed(keys, e.toString());
    }
  }

  private static void failed(IssuerKeys keys, String why) {
    if (keys.failed(System.nanoTime())) {
      LogFields.tenant(LOG.atWarn(), keys.target().tenant())
          .log(
              "{}: the keys of the token issuer cannot be fetched: {}. {}. Told once until they can",
              keys.target(),
              why,
              keys.keys() == null
                  ? "Its tokens are answered 503 until then"
                  : "Those from before stay in use");
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    fetchers.shutdownNow();
    client.close();
  }
}
