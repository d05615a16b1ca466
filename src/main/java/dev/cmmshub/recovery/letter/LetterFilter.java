package dev.cmmshub.recovery.letter;

import dev.cmmshub.message.Event;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which dead letters are meant; what is null does not matter.
 *
 * @param type glob over {@code entity.action}
 * @param before died earlier than that
 * @param after died later than that
 * @param text to be found in the reason or the key, whatever its case
 * @param run not those that this replay run has put back already
 */
public record LetterFilter(
    String tenant,
    String system,
    String entity,
    String type,
    String stage,
    String subscription,
    String errorClass,
    Instant before,
    Instant after,
    String text,
    UUID run) {
  /** Names of what can be asked for. */
  public static final Set<String> NAMES =
      Set.of(
          "tenant",
          "system",
          "entity",
          "type",
          "stage",
          "subscription",
          "errorClass",
          "older",
          "newer",
          "text");

  /** Belongs behind FROM; row level security sees to the tenant. {@link #PARAMETERS} values. */
  static final String MATCHING =
      """
      (SELECT ?::text AS system, ?::text AS entity, ?::text AS type, ?::text AS stage,
              ?::text AS subscription, ?::text AS error_class, ?::timestamptz AS before,
              ?::timestamptz AS after, ?::text AS text, ?::uuid AS run) AS f
       WHERE (f.system IS NULL OR split_part(l.event_key, '|', 2) = f.system)
         AND (f.entity IS NULL OR split_part(l.event_key, '|', 3) = f.entity)
         AND (f.type IS NULL OR l.attributes->>'type' LIKE f.type)
         AND (f.stage IS NULL OR l.stage = f.stage)
         AND (f.subscription IS NULL OR l.subscription = f.subscription)
         AND (f.error_class IS NULL OR l.error_class = f.error_class)
         AND (f.before IS NULL OR l.died_at < f.before)
         AND (f.after IS NULL OR l.died_at > f.after)
         AND (f.text IS NULL OR strpos(lower(l.reason || ' ' || l.event_key), lower(f.text)) > 0)
         AND (f.run IS NULL OR l.replay_run IS DISTINCT FROM f.run)
      """;

  static final int PARAMETERS = 10;

  private static final Pattern AGE = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
  private static final Pattern GLOB = Pattern.compile("[a-z0-9.*-]{1,80}");

  /**
   * Reads what was asked for, by {@link #NAMES}; ages are counted back from now.
   *
   * @throws Refusal naming what is not valid
   */
  public static LetterFilter of(Map<String, String> asked, Instant now) {
    String type = asked.get("type");
    if (type != null && !GLOB.matcher(type).matches()) {
      throw wrong("type", type, "a pattern such as workorder.* or part.changed");
    }
    String stage = asked.get("stage");
    if (stage != null && !Set.of("poll", "transform", "deliver").contains(stage)) {
      throw wrong("stage", stage, "poll, transform or deliver");
    }
    return new LetterFilter(
        asked.get("tenant"),
        asked.get("system"),
        asked.get("entity"),
        type,
        stage,
        asked.get("subscription"),
        asked.get("errorClass"),
        moment("older", asked.get("older"), now),
        moment("newer", asked.get("newer"), now),
        asked.get("text"),
        null);
  }

  /** No letter is older than 1970, and a shard knows no time of a million years ago. */
  private static Instant moment(String name, String text, Instant now) {
    Optional<Instant> moment = age(name, text).map(now::minus);
    return moment.map(at -> at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at).orElse(null);
  }

  private static Optional<Duration> age(String name, String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher matcher = AGE.matcher(text);
    if (!matcher.matches()) {
      throw wrong(name, text, "an age such as 90s, 30m, 2h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  private static Refusal wrong(String name, String value, String expected) {
    return new Refusal(Refusal.Kind.WRONG, name, name + ": '" + value + "': expected " + expected);
  }

  /** The same without what a replay run has put back already. */
  LetterFilter without(UUID replayRun) {
    return new LetterFilter(
        tenant,
        system,
        entity,
        type,
        stage,
        subscription,
        errorClass,
        before,
        after,
        text,
        replayRun);
  }

  /** Sets the values {@link #MATCHING} asks for. */
  void set(PreparedStatement statement, int from) throws SQLException {
    statement.setString(from, system);
    statement.setString(from + 1, entity);
    statement.setString(from + 2, like(type));
    statement.setString(from + 3, stage);
    statement.setString(from + 4, subscription);
    statement.setString(from + 5, errorClass);
    statement.setTimestamp(from + 6, before == null ? null : Timestamp.from(before));
    statement.setTimestamp(from + 7, after == null ? null : Timestamp.from(after));
    statement.setString(from + 8, text);
    statement.setObject(from + 9, run);
  }

  private static String like(String glob) {
    if (glob == null) {
      return null;
    }
    int dot = glob.indexOf('.');
    return dot < 0
        ? Event.type(glob, "*").replace('*', '%')
        : Event.type(glob.substring(0, dot), glob.substring(dot + 1)).replace('*', '%');
  }
}
