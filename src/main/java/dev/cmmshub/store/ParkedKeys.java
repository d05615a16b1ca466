package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.FailedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps the order of each business object through failures: a failed event parks its ordering key,
 * later ones queue behind it, and each that leaves makes the next one due. The rules themselves are
 * functions of the shard, in {@code V2__parked_keys.sql}; here they are called, many events at
 * once, within a transaction of the caller's.
 */
public final class ParkedKeys {
  /** Error class of what was never tried, since an earlier event of its object waits. */
  public static final String BEHIND_ANOTHER = "behind";

  private static final Comparator<Waiting> LOCK_ORDER =
      Comparator.comparing(Waiting::orderKey).thenComparing(waiting -> waiting.event().version());

  private static final String AMONG = "SELECT place FROM parked_among(?)";
  private static final String HOLD =
      """
      SELECT parked_hold(t, e::uuid, s, u, k, o, v, a, c, r, j::jsonb, d)
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                    ?::integer[], ?::text[], ?::text[], ?::text[], ?::bytea[])
          AS w (t, e, s, u, k, o, v, a, c, r, j, d)
      """;
  private static final String BEHIND =
      """
      SELECT parked_behind(t, e::uuid, s, u, k, o, v, j::jsonb, d, l)
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                    ?::text[], ?::bytea[], ?::boolean[])
          AS w (t, e, s, u, k, o, v, j, d, l)
      """;
  private static final String DEFER =
      "SELECT parked_defer(?, ?::uuid, ?, ?, ?, ?, now() + ? * interval '1 millisecond', ?, ?, ?)";
  private static final String RELEASE = "SELECT parked_release(?, ?::uuid[], ?, ?)";

  private ParkedKeys() {}

  /** An event together with why it failed, to be held. */
  public record Failed(Waiting waiting, FailedEvent failed) {}

  /** Those whose ordering key has something waiting. */
  public static Set<Waiting> among(Connection connection, Collection<Waiting> all)
      throws SQLException {
    List<Waiting> asked = List.copyOf(all);
    Set<Waiting> parked = new HashSet<>();
    if (asked.isEmpty()) {
      return parked;
    }
    try (PreparedStatement statement = connection.prepareStatement(AMONG)) {
      set(statement, 1, "text", asked, Waiting::orderKey);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          parked.add(asked.get(rows.getInt(1) - 1));
        }
      }
    }
    return parked;
  }

  /** Parks the keys of failed events; one that is held already stays as it is. */
  public static void hold(Connection connection, Collection<Failed> failures) throws SQLException {
    if (failures.isEmpty()) {
      return;
    }
    List<Failed> held = new ArrayList<>(failures);
    held.sort(Comparator.comparing(Failed::waiting, LOCK_ORDER));
    try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
      describe(statement, held, Failed::waiting);
      set(statement, 8, "int4", held, failed -> failed.failed().attempt());
      set(statement, 9, "text", held, failed -> failed.failed().failure().keptClass());
      set(statement, 10, "text", held, failed -> failed.failed().failure().keptReason());
      set(statement, 11, "text", held, failed -> EventAttributes.toJson(failed.waiting().event()));
      setData(statement, 12, held, Failed::waiting);
      statement.execute();
    }
  }

  /** Queues events behind the heads of their keys and returns those whose key is free after all. */
  public static Set<Waiting> behind(Connection connection, Collection<Waiting> later)
      throws SQLException {
    List<Waiting> queued = new ArrayList<>(later);
    queued.sort(LOCK_ORDER);
    Set<Waiting> free = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(BEHIND)) {
      describe(statement, queued, Function.identity());
      set(statement, 8, "text", queued, waiting -> EventAttributes.toJson(waiting.event()));
      setData(statement, 9, queued, Function.identity());
      set(statement, 10, "bool", queued, Waiting::latestOnly);
      try (ResultSet rows = statement.executeQuery()) {
        for (Waiting waiting : queued) {
          rows.next();
          if (!rows.getBoolean(1)) {
            free.add(waiting);
          }
        }
      }
    }
    return free;
  }

  /**
   * Gives a failed event its due time, by the shard's clock: the hubs' own may be wrong. False when
   * it is not parked any more.
   *
   * @param attempt how many of its tries count; the one that failed is noted all the same
   */
  public static boolean defer(
      Connection connection, FailedEvent failed, int attempt, Duration after) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DEFER)) {
      statement.setString(1, failed.event().key().tenant());
      statement.setString(2, failed.event().id());
      statement.setString(3, failed.failure().stage());
      statement.setString(4, subscription(failed));
      statement.setInt(5, failed.attempt());
      statement.setInt(6, attempt);
      statement.setLong(7, after.toMillis());
      statement.setString(8, failed.failure().keptClass());
      statement.setInt(9, failed.failure().status());
      statement.setString(10, failed.failure().keptReason());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }

  /**
   * Takes out events that passed or were given up; the next of each key is due now.
   *
   * @return how many became due
   */
  public static int release(Connection connection, Collection<Released> released)
      throws SQLException {
    List<Released> all = List.copyOf(released);
    try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
      set(statement, 1, "text", all, Released::tenant);
      set(statement, 2, "text", all, Released::eventId);
      set(statement, 3, "text", all, Released::stage);
      set(statement, 4, "text", all, Released::subscription);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** What identifies a parked event. */
  public record Released(String tenant, String eventId, String stage, String subscription) {
    public static Released of(FailedEvent failed) {
      return new Released(
          failed.event().key().tenant(),
          failed.event().id(),
          failed.failure().stage(),
          ParkedKeys.subscription(failed));
    }
  }

  private static String subscription(FailedEvent failed) {
    String subscription = failed.failure().subscription();
    return subscription == null ? "" : subscription;
  }

  private static <T> void describe(
      PreparedStatement statement, List<T> rows, Function<T, Waiting> waiting) throws SQLException {
    Function<T, Event> event = row -> waiting.apply(row).event();
    set(statement, 1, "text", rows, row -> waiting.apply(row).tenant());
    set(statement, 2, "text", rows, row -> event.apply(row).id());
    set(statement, 3, "text", rows, row -> waiting.apply(row).stage());
    set(statement, 4, "text", rows, row -> waiting.apply(row).subscription());
    set(statement, 5, "text", rows, row -> event.apply(row).key().toString());
    set(statement, 6, "text", rows, row -> waiting.apply(row).orderKey());
    set(statement, 7, "int8", rows, row -> event.apply(row).version());
  }

  private static <T> void setData(
      PreparedStatement statement, int index, List<T> rows, Function<T, Waiting> waiting)
      throws SQLException {
    byte[][] data = new byte[rows.size()][];
    for (int i = 0; i < data.length; i++) {
      data[i] = waiting.apply(rows.get(i)).event().data();
    }
    statement.setArray(index, statement.getConnection().createArrayOf("bytea", data));
  }

  private static <T> void set(
      PreparedStatement statement, int index, String type, List<T> rows, Function<T, ?> column)
      throws SQLException {
    statement.setArray(
        index, statement.getConnection().createArrayOf(type, rows.stream().map(column).toArray()));
  }
}
