package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.MappingUsed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes in a shard what mappings its events were translated with, once for each state of a mapping:
 * a batch costs a statement more only when one is new.
 */
final class MappingsNoted {
  /** Enough for years; it only saves statements. */
  private static final int MOST = 100_000;

  private static final String INSERT =
      """
      INSERT INTO mapping_used (tenant_id, id, connector, file, sha256)
      SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[])
      ON CONFLICT DO NOTHING
      """;

  /** Where a mapping was noted. */
  record Place(String shard, String tenant, long id) {}

  private final Set<Place> known = ConcurrentHashMap.newKeySet();

  /** Those of the events that are new here, to be {@link #remember remembered} after the commit. */
  Set<Place> note(Shard shard, Connection connection, List<Event> events) throws SQLException {
    Map<Place, MappingUsed> fresh = new LinkedHashMap<>(0);
    for (Event event : events) {
      MappingUsed used = event.origin().mapping();
      if (used != null) {
        Place place = new Place(shard.name(), event.key().tenant(), used.id());
        if (!known.contains(place)) {
          fresh.put(place, used);
        }
      }
    }
    if (!fresh.isEmpty()) {
      insert(connection, fresh);
    }
    return fresh.keySet();
  }

  /** In one order for all, so that nobody waits for another in a circle. */
  private static void insert(Connection connection, Map<Place, MappingUsed> fresh)
      throws SQLException {
    Map<String, Map.Entry<Place, MappingUsed>> ordered = new TreeMap<>();
    fresh
        .entrySet()
        .forEach(one -> ordered.put(one.getKey().tenant() + '/' + one.getKey().id(), one));
    Object[][] columns = new Object[5][ordered.size()];
    int i = 0;
    for (Map.Entry<Place, MappingUsed> one : ordered.values()) {
      columns[0][i] = one.getKey().tenant();
      columns[1][i] = one.getKey().id();
      columns[2][i] = one.getValue().connector();
      columns[3][i] = one.getValue().file();
      columns[4][i++] = one.getValue().sha256();
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (int c = 0; c < columns.length; c++) {
        statement.setArray(c + 1, connection.createArrayOf(c == 1 ? "int8" : "text", columns[c]));
      }
      statement.executeUpdate();
    }
  }

  /** They are in the shard for good. */
  void remember(Set<Place> noted) {
    if (known.size() > MOST) {
      known.clear();
    }
    known.addAll(noted);
  }
}
