package dev.cmmshub.recovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Lists dead letters. */
public final class DeadLetters {
  private static final String NEWEST =
      """
      SELECT tenant_id, event_id::text, stage, subscription, event_key, attempt, died_at,
             error_class, reason
        FROM dead_letter WHERE (?::text IS NULL OR tenant_id = ?)
       ORDER BY died_at DESC LIMIT ?
      """;

  private final Supplier<Tenants> tenants;
  private final Shards shards;

  public DeadLetters(Supplier<Tenants> tenants, Shards shards) {
    this.tenants = tenants;
    this.shards = shards;
  }

  /** The newest of each shard, without bodies: they may hold what an operator must not see. */
  public ArrayNode newest(Optional<String> tenant, int most) throws SQLException {
    ArrayNode found = Json.mapper().createArrayNode();
    for (Map.Entry<Shard, List<Tenant>> entry : byShard().entrySet()) {
      List<String> owners = entry.getValue().stream().map(Tenant::id).toList();
      entry
          .getKey()
          .transaction(
              owners,
              connection -> {
                addNewest(connection, tenant, most, entry.getKey().name(), found);
                return null;
              });
    }
    return found;
  }

  private static void addNewest(
      Connection connection, Optional<String> tenant, int most, String shard, ArrayNode found)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
      statement.setString(1, tenant.orElse(null));
      statement.setString(2, tenant.orElse(null));
      statement.setInt(3, most);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ObjectNode letter = found.addObject();
          letter.put("id", rows.getString(2));
          letter.put("tenant", rows.getString(1));
          letter.put("stage", rows.getString(3));
          letter.put("subscription", rows.getString(4));
          letter.put("key", rows.getString(5));
          letter.put("attempt", rows.getInt(6));
          letter.put("diedAt", rows.getTimestamp(7).toInstant().toString());
          letter.put("errorClass", rows.getString(8));
          letter.put("reason", rows.getString(9));
          letter.put("shard", shard);
        }
      }
    }
  }

  private Map<Shard, List<Tenant>> byShard() {
    return shards.byShard(tenants.get().all());
  }
}
