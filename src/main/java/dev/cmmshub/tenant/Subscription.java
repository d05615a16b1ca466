package dev.cmmshub.tenant;

import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Nearest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An observer: which events go to which system or webhook of the tenant.
 *
 * @param id stable name: the system's, or a short name of the webhook's address
 * @param to a system's name, or an http(s) address
 * @param events globs over {@code entity.action}, such as {@code workorder.*}
 * @param order what holds for the events of one business object while one of them fails
 * @param bulk how it is told of rows of bulk loads
 * @param secret signs a webhook (Standard Webhooks); absent for a system
 */
public record Subscription(
    String id,
    String to,
    List<String> events,
    DeliveryOrder order,
    BulkNotice bulk,
    Optional<Secret> secret) {
  private static final Pattern GLOB = Pattern.compile("[a-z*]+(\\.[a-z*]+)?");

  public Subscription {
    events = List.copyOf(events);
    events.forEach(Subscription::requirePossible);
    if (isWebhook(to) && secret.isEmpty()) {
      throw new IllegalArgumentException(
          "subscription to '"
              + to
              + "': secret: expected a reference such as "
              + "{{env:HOOK_SECRET}}, webhooks are always signed");
    }
  }

  /** One that is told of each row of a bulk load. */
  public Subscription(
      String id, String to, List<String> events, DeliveryOrder order, Optional<Secret> secret) {
    this(id, to, events, order, BulkNotice.EACH, secret);
  }

  /**
   * Returns the pattern.
   *
   * @throws IllegalArgumentException when it is none, or no event can match it
   */
  static String requirePossible(String glob) {
    if (!GLOB.matcher(glob).matches()) {
      throw new IllegalArgumentException(
          "'" + glob + "': expected a pattern such as workorder.*, part.changed or *");
    }
    if (!isPossible(glob)) {
      List<String> entities = CanonicalSchemas.ENTITIES.stream().sorted().toList();
      throw new IllegalArgumentException(
          "'"
              + glob
              + "' matches nothing: "
              + Nearest.didYouMean(glob.replaceFirst("\\..*", ""), entities)
              + "expected <entity>.<action> with one of the entities "
              + String.join(", ", entities));
    }
    return glob;
  }

  /** Whether some event can match; otherwise a typing mistake would tell nobody of anything. */
  private static boolean isPossible(String glob) {
    int dot = glob.indexOf('.');
    int star = glob.indexOf('*');
    return CanonicalSchemas.ENTITIES.stream()
        .anyMatch(
            entity ->
                dot < 0
                    ? star >= 0 && entity.startsWith(glob.substring(0, star))
                    : matches(glob.substring(0, dot), entity));
  }

  private static boolean isWebhook(String to) {
    return to.startsWith("http://") || to.startsWith("https://");
  }

  public boolean isWebhook() {
    return isWebhook(to);
  }

  /** Whether this event is to be told. */
  public boolean wants(Event event) {
    String topic = event.topicOfInterest();
    if (event.origin().isBulk()) {
      BulkNotice form = topic.endsWith('.' + Event.LOADED) ? BulkNotice.DIGEST : BulkNotice.EACH;
      return bulk == form && wants(topic);
    }
    return wants(topic);
  }

  /** Whether one of the globs matches {@code entity.action}. */
  public boolean wants(String topicOfInterest) {
    for (String glob : events) {
      if (matches(glob, topicOfInterest)) {
        return true;
      }
    }
    return false;
  }

  /** A star stands for any run of characters; linear in the text, at most two stars are needed. */
  private static boolean matches(String glob, String text) {
    int star = glob.indexOf('*');
    if (star < 0) {
      return glob.equals(text);
    }
    if (!text.startsWith(glob.substring(0, star))) {
      return false;
    }
    String rest = glob.substring(star + 1);
    for (int i = star; i <= text.length(); i++) {
      if (matches(rest, text.substring(i))) {
        return true;
      }
    }
    return false;
  }
}
