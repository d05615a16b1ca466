package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Builds the subscriptions of one tenant. */
final class SubscriptionsBuilder {
  private final SecretResolver secrets;

  SubscriptionsBuilder(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * @param systems what the tenant's systems are called
   */
  List<Subscription> build(Field subscriptions, Set<String> systems) {
    List<Subscription> built = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Field field : subscriptions.items()) {
      field
          .at("to")
          .text()
          .flatMap(to -> subscription(field, to, systems, ids))
          .ifPresent(built::add);
    }
    return built;
  }

  private Optional<Subscription> subscription(
      Field field, String to, Set<String> systems, Set<String> ids) {
    if (!isAddress(to) && !systems.contains(to)) {
      field.at("to").wrong(unknown(to, systems));
    }
    Optional<String> id = field.at("id").text().or(() -> field.at("to").read(() -> nameOf(to)));
    if (id.isPresent() && !ids.add(id.get())) {
      // Numbering them would give one the deliveries of another when a third is taken out.
      field.wrong(
          "there is another one with the id '" + id.get() + "'; give each an id: of its own");
    }
    Optional<Secret> secret =
        field.at("secret").text().flatMap(text -> field.at("secret").read(() -> signing(text)));
    List<String> events = events(field.at("events"));
    if (!isAddress(to) && field.at("bulk").text().filter("digest"::equals).isPresent()) {
      field.at("bulk").wrong("a system is told of each object; expected each or none");
    }
    if (!field.isSound()) {
      return Optional.empty();
    }
    DeliveryOrder order =
        field.at("order").text().map(DeliveryOrder::of).orElse(DeliveryOrder.STRICT);
    BulkNotice bulk = field.at("bulk").text().map(BulkNotice::of).orElse(BulkNotice.EACH);
    return Optional.of(new Subscription(id.orElseThrow(), to, events, order, bulk, secret));
  }

  private static List<String> events(Field events) {
    List<String> globs = new ArrayList<>();
    for (Field event : events.items()) {
      event
          .text()
          .flatMap(glob -> event.read(() -> Subscription.requirePossible(glob)))
          .ifPresent(globs::add);
    }
    return globs;
  }

  private static String unknown(String to, Set<String> systems) {
    return "'"
        + to
        + "': "
        + Nearest.didYouMean(to, systems)
        + "expected a web address or one of the tenant's systems: "
        + String.join(", ", new TreeSet<>(systems));
  }

  private static boolean isAddress(String to) {
    return to.matches("https?://.*");
  }

  /** A webhook by its host, a system by its own name, which may begin with http too. */
  private static String nameOf(String to) {
    if (!isAddress(to)) {
      return to;
    }
    String host = URI.create(to).getHost();
    if (host == null) {
      throw new IllegalArgumentException("'" + to + "': expected a host's name");
    }
    return host;
  }

  /** As the specification of Standard Webhooks writes it; otherwise nothing could be signed. */
  private Secret signing(String reference) {
    Secret secret = secrets.resolve(reference);
    try {
      Base64.getDecoder().decode(secret.value().replaceFirst("^whsec_", ""));
      return secret;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected a secret of whsec_ and base64", e);
    }
  }
}
