package dev.cmmshub.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.message.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What this node accepted lately, so that an event's status can be told while it still waits in
 * Kafka. Only a convenience: at most 100,000 events and 10 minutes, gone with a restart.
 */
public final class AcceptedEvents {
  private static final int MOST = 100_000;

  private final Consumer<Event> listener;
  private final Cache<String, Instant> times =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofMinutes(10)).build();

  /**
   * @param listener hears of each accepted event; must return quickly
   */
  public AcceptedEvents(Consumer<Event> listener) {
    this.listener = listener;
  }

  void add(Event event) {
    times.asMap().putIfAbsent(event.key().tenant() + '/' + event.id(), event.time());
    listener.accept(event);
  }

  Optional<Instant> acceptedAt(String tenant, String eventId) {
    return Optional.ofNullable(times.getIfPresent(tenant + '/' + eventId));
  }
}
