package dev.cmmshub.notifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deliveries to a webhook, for the tests of this package. */
final class Deliveries {
  private Deliveries() {}

  static Delivery of(String eventId, String body, String secret) {
    return of(eventId, body, secret, "https://hooks.example.com/a");
  }

  private static Delivery of(String eventId, String body, String secret, String address) {
    Subscription hook =
        new Subscription(
            "hook", address, List.of("*"), DeliveryOrder.STRICT, Optional.of(new Secret(secret)));
    Tenant tenant =
        new Tenant(
            "acme",
            true,
            List.of(),
            Map.of(),
            List.of(hook),
            Map.of(),
            RetryPolicy.DEFAULT,
            Limits.DEFAULT,
            List.of(),
            Optional.empty());
    Event event =
        new Event(
            eventId,
            Event.type("workorder", "released"),
            "workorder/0b1e",
            new EventKey("acme", "sap", "workorder", "4711"),
            7,
            Instant.EPOCH,
            "application/json",
            null,
            "c",
            null,
            body.getBytes(UTF_8));
    return Delivery.first(tenant, hook, event);
  }

  static Delivery any() {
    return of("id", "{}", "whsec_c2VjcmV0");
  }

  static Delivery to(String address) {
    return of("id", "{}", "whsec_c2VjcmV0", address);
  }

  /** What a receiver that answered this status makes of a delivery. */
  static DeliveryException status(int status) {
    return new DeliveryException(
        new Failure("deliver", "status", "answered " + status, status, null, "hook"));
  }

  /** A delivery nobody answered. */
  static DeliveryException failed(String errorClass) {
    return new DeliveryException(Failure.delivery("hook", errorClass, "why"));
  }
}
