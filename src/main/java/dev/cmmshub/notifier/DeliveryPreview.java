package dev.cmmshub.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.UntranslatableException;
import java.util.Optional;
import java.util.function.Function;

/** Tells what an observer would get of an event, without sending it. */
public final class DeliveryPreview {
  private final Function<String, Optional<Tenant>> tenants;
  private final SystemRequests requests;
  private final CanonicalSchemas schemas;

  public DeliveryPreview(
      Function<String, Optional<Tenant>> tenants,
      SystemRequests requests,
      CanonicalSchemas schemas) {
    this.tenants = tenants;
    this.requests = requests;
    this.schemas = schemas;
  }

  /**
   * The body a webhook would get, or the request a system would get; null when it wants none.
   *
   * @throws UntranslatableException when the payload is no canonical object, its mapping fails or
   *     nobody subscribes any more
   */
  public JsonNode of(Event event, String subscription) {
    JsonNode object = canonical(event, subscription);
    Optional<Tenant> tenant = tenants.apply(event.key().tenant());
    Subscription observer =
        tenant
            .flatMap(found -> found.subscription(subscription))
            .orElseThrow(
                () ->
                    refused(
                        subscription,
                        "unsubscribed",
                        "tenants.yaml has no subscription '" + subscription + "' any more"));
    if (observer.isWebhook()) {
      return object;
    }
    try {
      return requests.request(Delivery.first(tenant.orElseThrow(), observer, event));
    } catch (DeliveryException e) {
      if (e.failure().errorClass().equals(Notifier.SKIPPED)) {
        return NullNode.getInstance();
      }
      throw new UntranslatableException(e.failure());
    }
  }

  private JsonNode canonical(Event event, String subscription) {
    JsonNode object;
    try {
      object = Json.read(event.data());
    } catch (MalformedPayloadException e) {
      throw refused(subscription, "malformed", e.getMessage());
    }
    Optional<String> violation = schemas.violation(event.key().entity(), object);
    if (violation.isPresent()) {
      throw refused(subscription, "schema", violation.get());
    }
    return object;
  }

  private static UntranslatableException refused(
      String subscription, String errorClass, String reason) {
    return new UntranslatableException(Failure.delivery(subscription, errorClass, reason));
  }
}
