package dev.cmmshub.store.event;

import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every shard that has rows of the tenants one is after. A shard that is away holds up nobody.
 */
final class Owners {
  private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

  /**
   * Plans are chosen by what there is an index for, not by what a table held when it was counted.
   */
  private static final String PLANS =
      """
      SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
             set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),
             set_config('statement_timeout', '10000', true)
      """;

  private final Supplier<Tenants> tenants;
  private final Shards shards;

  Owners(Supplier<Tenants> tenants, Shards shards) {
    this.tenants = tenants;
    this.shards = shards;
  }

  /** What is asked of one shard. */
  interface Question<T> {
    T ask(Connection connection, String shard, int tenants) throws SQLException;
  }

  /** What came back, and the names of the shards that did not answer. */
  record Answers<T>(List<T> given, List<String> unavailable) {}

  /**
   * @param tenant one of tenants.yaml, or null for all
   */
  <T> Answers<T> ask(String tenant, Question<T> question) {
    Map<Shard, List<String>> owners = new TreeMap<>(Comparator.comparing(Shard::name));
    List<Tenant> meant =
        tenant == null
            ? List.copyOf(tenants.get().all())
            : tenants.get().byId(tenant).map(List::of).orElse(List.of());
    shards
        .byShard(meant)
        .forEach((shard, all) -> owners.put(shard, all.stream().map(Tenant::id).toList()));
    List<T> given = new ArrayList<>();
    List<String> unavailable = new ArrayList<>(0);
    owners.forEach(
        (shard, ids) -> {
          try {
            given.add(shard.transaction(ids, connection -> ask(connection, shard, ids, question)));
          } catch (SQLException e) {
            LOG.warn("Shard {} does not tell of events: {}", shard.name(), e.getMessage());
            unavailable.add(shard.name());
          }
        });
    return new Answers<>(given, unavailable);
  }

  private static <T> T ask(
      Connection connection, Shard shard, List<String> ids, Question<T> question)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(PLANS);
    }
    return question.ask(connection, shard.name(), ids.size());
  }
}
