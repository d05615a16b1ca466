package dev.cmmshub.store.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place among all events, from the newest to the oldest: behind it are those before this one. */
public record EventCursor(Instant at, UUID id) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,17})\\|([0-9a-f-]{36})");

  /** As PostgreSQL orders them, the newest first. */
  static final Comparator<EventCursor> NEWEST_FIRST =
      Comparator.comparing(EventCursor::at)
          .thenComparing(cursor -> cursor.id().toString())
          .reversed();

  @Override
  public String toString() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((micros + "|" + id).getBytes(UTF_8));
  }

  /** Empty when it is none that was given out. */
  public static Optional<EventCursor> parse(String text) {
    try {
      Matcher parts = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), UTF_8));
      return parts.matches()
          ? Optional.of(
              new EventCursor(
                  Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                  UUID.fromString(parts.group(2))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
