package dev.cmmshub.tenant;

import dev.cmmshub.message.Names;
import dev.cmmshub.tenant.TenantsDocument.SubscriptionNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the subscriptions of one tenant. */
final class SubscriptionsBuilder {
  private final SecretResolver secrets;

  SubscriptionsBuilder(SecretResolver secrets) {
    this.secrets = secrets;
  }

  List<Subscription> build(List<SubscriptionNode> nodes) {
    List<Subscription> subscriptions = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (SubscriptionNode node : nodes) {
      String id = id(node);
      if (!ids.add(id)) {
        // Numbering them would give one the deliveries of another when a third is taken out.
        throw new IllegalArgumentException(
            "subscription to '"
                + node.to()
                + "': there is another one with the id '"
                + id
                + "'; give each an id: of its own");
      }
      if (node.secret() != null && !SecretReferences.isReference(node.secret())) {
        throw new IllegalArgumentException(
            "subscriptions to '"
                + node.to()
                + "': secret: expected a reference {{env:NAME}} or {{file:/path}}, never the secret");
      }
      subscriptions.add(
          new Subscription(
              id,
              node.to(),
              node.events(),
              node.order() == null ? DeliveryOrder.STRICT : node.order(),
              Optional.ofNullable(node.secret()).map(s -> signing(node.to(), s))));
    }
    return subscriptions;
  }

  private static String id(SubscriptionNode node) {
    if (node.id() != null) {
      Names.require("subscription id", node.id());
      return node.id();
    }
    return name(node.to());
  }

  /** A webhook by its host, a system by its own name, which may begin with http too. */
  private static String name(String to) {
    if (!to.matches("https?://.*")) {
      return to;
    }
    String host = URI.create(to).getHost();
    if (host == null) {
      throw new IllegalArgumentException("subscription to '" + to + "': expected a host's name");
    }
    return host;
  }

  /** As the specification of Standard Webhooks writes it; otherwise nothing could be signed. */
  private Secret signing(String to, String reference) {
    Secret secret = secrets.resolve("secret", reference);
    try {
      Base64.getDecoder().decode(secret.value().replaceFirst("^whsec_", ""));
      return secret;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "subscription to '" + to + "': secret: expected whsec_ and base64", e);
    }
  }
}
