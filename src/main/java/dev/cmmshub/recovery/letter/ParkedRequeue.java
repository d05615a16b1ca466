package dev.cmmshub.recovery.letter;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Puts events back into the queue of their ordering key, with no attempt burned. */
public final class ParkedRequeue implements Requeue {
  private static final String PUT_BACK =
      """
      SELECT parked_put_back(
        ?, ?::uuid, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?, ?::jsonb, ?, ?)
      """;

  private static final String STILL_UNKNOWN =
      """
      UPDATE parked SET error_class = ?
       WHERE tenant_id = ? AND event_id = ?::uuid AND stage = ? AND subscription = ?
      """;

  private final Function<String, Optional<Tenant>> tenants;

  public ParkedRequeue(Function<String, Optional<Tenant>> tenants) {
    this.tenants = tenants;
  }

  @Override
  public boolean requeue(Connection connection, FailedEvent failed, Instant due, int replay)
      throws SQLException {
    Event event = failed.event();
    Waiting waiting = waiting(failed);
    try (PreparedStatement statement = connection.prepareStatement(PUT_BACK)) {
      statement.setString(1, event.key().tenant());
      statement.setString(2, event.id());
      statement.setString(3, waiting.stage());
      statement.setString(4, waiting.subscription());
      statement.setString(5, event.key().toString());
      statement.setString(6, waiting.orderKey());
      statement.setLong(7, event.version());
      statement.setTimestamp(8, Timestamp.from(due));
      statement.setInt(9, replay);
      statement.setString(10, "put back by an operator, the " + replay + ". time");
      statement.setString(11, EventAttributes.toJson(event));
      statement.setBytes(12, event.data());
      statement.setBoolean(13, waiting.latestOnly());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        if (!rows.getBoolean(1)) {
          return false;
        }
      }
    }
    if (failed.failure().unknown()) {
      keepUnknown(connection, waiting);
    }
    return true;
  }

  /** What may have been applied before it died is asked for before it is sent again. */
  private static void keepUnknown(Connection connection, Waiting waiting) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STILL_UNKNOWN)) {
      statement.setString(1, Failure.UNKNOWN);
      statement.setString(2, waiting.event().key().tenant());
      statement.setString(3, waiting.event().id());
      statement.setString(4, waiting.stage());
      statement.setString(5, waiting.subscription());
      statement.executeUpdate();
    }
  }

  /** Without its subscription it fails again, and says so. */
  private Waiting waiting(FailedEvent failed) {
    Event event = failed.event();
    if (failed.failure().stage().equals(Waiting.TRANSFORM)) {
      return Waiting.toBeTransformed(event);
    }
    if (failed.failure().stage().equals(Waiting.POLL)) {
      return Waiting.toBeRecognised(event);
    }
    String subscription = failed.failure().subscription();
    DeliveryOrder order =
        tenants
            .apply(event.key().tenant())
            .flatMap(tenant -> tenant.subscription(subscription))
            .map(Subscription::order)
            .orElse(DeliveryOrder.STRICT);
    return Waiting.toBeDelivered(event, subscription, order);
  }
}
