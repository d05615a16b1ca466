package dev.cmmshub.notifier;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;

/** One {@link Target} an observer, made on first need. */
public final class Targets {
  private static final int WEBHOOK_IN_FLIGHT = 64;
  private static final int SYSTEM_IN_FLIGHT = 8;
  private static final int MOST_WAITING = 2000;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(20)
          .minimumNumberOfCalls(10)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(5))
          .permittedNumberOfCallsInHalfOpenState(1)
          .build();

  private final Map<String, Target> targets = new ConcurrentHashMap<>();

  Target of(Delivery delivery) {
    return targets.computeIfAbsent(
        delivery.target(),
        name ->
            new Target(
                CircuitBreaker.of(name, BREAKER),
                delivery.subscription().isWebhook() ? WEBHOOK_IN_FLIGHT : SYSTEM_IN_FLIGHT,
                MOST_WAITING,
                LONGEST_WAIT));
  }

  /** Tells each observer's name and breaker state: 0 closed, 1 half-open, 2 open. */
  public void states(ObjIntConsumer<String> consumer) {
    targets.forEach(
        (name, target) ->
            consumer.accept(
                name,
                switch (target.state()) {
                  case CLOSED, DISABLED, METRICS_ONLY -> 0;
                  case HALF_OPEN -> 1;
                  case OPEN, FORCED_OPEN -> 2;
                }));
  }
}
