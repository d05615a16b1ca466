package dev.cmmshub.store;

import static dev.cmmshub.store.bulk.BulkOrder.Kind.UPLOAD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.store.bulk.BulkReceived;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.trace.Traces;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** Chunks of bulk loads in a real shard, beside events that come one by one. */
class BulkStoreTest {
  private static JedisConnectionFactory redis;

  private final Tenant tenant = StoreServers.tenant(StoreServers.newTenantId(), "a");
  private final UUID job = UUID.randomUUID();
  private final BulkStore store = new BulkStore(StoreServers.shards(), StoreServers.cache(redis));
  private final EntityStore live =
      new EntityStore(
          StoreServers.shards(),
          id -> Optional.of(tenant),
          StoreServers.cache(redis),
          (event, outcome, shard) -> {},
          StoreServers.lanes(),
          Traces.OFF);

  @BeforeAll
  static void connect() {
    redis = StoreServers.redis();
  }

  @AfterAll
  static void disconnect() {
    redis.destroy();
  }

  private Event event(String number, long version) {
    return StoreServers.event(tenant.id(), number, version, "{\"version\":" + version + "}");
  }

  private void live(Event... events) {
    live(List.of(events), List.of());
  }

  private void live(List<Event> events, List<FailedEvent> failures) {
    List<Event> arrived = new ArrayList<>(events);
    failures.forEach(failed -> arrived.add(failed.event()));
    StoreServers.apply(
        live, new EventBatch(arrived, new CompletableFuture<>()).after(events, failures));
  }

  private BulkOutcome apply(int chunk, Event... events) throws SQLException {
    List<BulkRow> rows =
        IntStream.range(0, events.length)
            .mapToObj(i -> new BulkRow(i + 1L, i + 2L, events[i], events[i]))
            .toList();
    return store.apply(tenant, new BulkChunk(tenant.id(), job, chunk, 1, rows, List.of()));
  }

  private Map<String, Long> versions() throws SQLException {
    return query("SELECT id::text, source_version FROM entity WHERE tenant_id = ?");
  }

  private Map<String, Long> query(String sql) throws SQLException {
    return StoreServers.shard()
        .transaction(
            Set.of(tenant.id()),
            connection -> {
              Map<String, Long> found = new HashMap<>();
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant.id());
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    found.put(rows.getString(1), rows.getLong(2));
                  }
                }
              }
              return found;
            });
  }

  private static String object(Event event) {
    return EntityVersion.of(event).id();
  }

  private static Map<Outcome, Integer> counts(int applied, int duplicate, int stale, int queued) {
    return Map.of(
        Outcome.APPLIED,
        applied,
        Outcome.DUPLICATE,
        duplicate,
        Outcome.STALE,
        stale,
        Outcome.QUEUED,
        queued);
  }

  @Test
  void eachRowCountsOnceHoweverOftenItsChunkComes() throws SQLException {
    Event one = event("1", 5);
    Event two = event("2", 5);
    BulkOutcome first = apply(0, one, two);
    assertThat(first.counts()).isEqualTo(counts(2, 0, 0, 0));
    assertThat(first.changed()).containsExactly(one, two);
    BulkOutcome again = apply(0, one, two);
    assertThat(again.isRepeated()).isTrue();
    assertThat(again.counts()).isEqualTo(first.counts());
    assertThat(again.changed()).as("told again").containsExactly(one, two);
    assertThat(apply(1, one, event("3", 1)).counts()).isEqualTo(counts(1, 1, 0, 0));
    assertThat(versions()).hasSize(3).containsEntry(object(one), 5L);
  }

  @Test
  void anOlderRowNeverOverwritesWhatIsNewer() throws SQLException {
    live(event("1", 9));
    BulkOutcome outcome = apply(0, event("1", 8), event("2", 3), event("2", 4), event("1", 10));
    assertThat(outcome.counts()).isEqualTo(counts(2, 0, 2, 0));
    assertThat(versions())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(object(event("1", 0)), 10L, object(event("2", 0)), 4L));
    assertThat(query("SELECT event_id::text, stale::int FROM inbox WHERE tenant_id = ?").values())
        .containsExactlyInAnyOrder(0L, 0L, 0L, 1L, 1L);
  }

  @Test
  void aRowBehindAnEventThatWaitsWaitsToo() throws SQLException {
    Event waits = event("1", 1);
    FailedEvent failed = new FailedEvent(waits, Failure.transform("mapping", "no"), 1);
    live(List.of(), List.of(failed));
    BulkOutcome outcome = apply(0, event("1", 2), event("2", 2));
    assertThat(outcome.counts()).isEqualTo(counts(1, 0, 0, 1));
    assertThat(versions()).containsOnlyKeys(object(event("2", 2)));
    assertThat(query("SELECT event_id::text, attempt FROM parked WHERE tenant_id = ?")).hasSize(2);
  }

  @Test
  void aRowThatTheDatabaseRefusesIsRejectedAlone() throws SQLException {
    Event bad =
        event("7", 1)
            .translated(
                "workorder/" + UUID.randomUUID(),
                null,
                "application/json",
                "{\"a\":\"\\u0000\"}".getBytes(UTF_8),
                null);
    Event[] events = IntStream.range(10, 40).mapToObj(i -> event("" + i, 1)).toArray(Event[]::new);
    events[17] = bad;
    BulkOutcome outcome = apply(0, events);
    assertThat(outcome.counts()).isEqualTo(counts(29, 0, 0, 0));
    assertThat(outcome.rejected()).isEqualTo(1);
    assertThat(query("SELECT row_text, row_number FROM bulk_reject WHERE tenant_id = ?"))
        .containsExactly(Map.entry("{\"a\":\"\\u0000\"}", 18L));
  }

  /** The same version of the same object, with other data: the first counts. */
  @Test
  void anEventThatAFileHasTwiceIsWrittenOnce() throws SQLException {
    Event first = event("1", 5);
    Event second = StoreServers.event(tenant.id(), "1", 5, "{\"other\":true}");
    assertThat(second.id()).isEqualTo(first.id());
    Event other = event("2", 1);
    BulkOutcome outcome = apply(0, first, other, second, second);
    assertThat(outcome.counts()).isEqualTo(counts(2, 2, 0, 0));
    assertThat(outcome.changed()).containsExactly(first, other);
    assertThat(query("SELECT data::text, 1 FROM entity WHERE tenant_id = ?"))
        .containsKey("{\"version\": 5}");
    assertThat(apply(0, first, other, second, second).changed()).hasSize(2);
  }

  /** What the database refuses leaves the others as if it had not been there. */
  @Test
  void anEventThatIsThereTwiceBesideARefusedRowCountsOnce() throws SQLException {
    live(event("1", 4));
    Event bad = StoreServers.event(tenant.id(), "9", 1, "{\"a\":\"\\u0000\"}");
    Event good = StoreServers.event(tenant.id(), "9", 1, "{\"a\":\"b\"}");
    Event[] events = {event("1", 5), bad, event("2", 1), event("3", 1), event("1", 5), good, good};
    BulkOutcome outcome = apply(0, events);
    assertThat(outcome.counts()).isEqualTo(counts(4, 2, 0, 0));
    assertThat(outcome.rejected()).isEqualTo(1);
    assertThat(outcome.changed()).containsExactly(events[0], events[2], events[3], good);
    assertThat(outcome.replaced()).containsExactly(events[0]);
    assertThat(versions()).hasSize(4).containsEntry(object(events[0]), 5L);
  }

  @Test
  void readersSeeNoOlderVersionAfterwards() throws SQLException {
    EntityCache cache = StoreServers.cache(redis);
    Event old = event("1", 4);
    live(old);
    cache.put(
        tenant.id(), "workorder", object(old), new EntityCache.CachedEntity(4, "{\"version\":4}"));
    assertThat(cache.get(tenant.id(), "workorder", object(old))).isPresent();
    Event[] rows = {event("2", 1), event("1", 5), event("3", 1)};
    assertThat(apply(0, rows).replaced()).containsExactly(rows[1]);
    assertThat(cache.get(tenant.id(), "workorder", object(old))).isEmpty();
    assertThat(apply(0, rows).replaced()).as("after a crash").containsExactly(rows);
    assertThat(apply(1, event("4", 1), event("1", 3)).replaced()).isEmpty();
  }

  /** Else what comes under a number that is done would be skipped, and nobody would know. */
  @Test
  void aChunkThatComesAgainWithOtherRowsIsNoticed() throws SQLException {
    BulkOrder order =
        new BulkOrder(UPLOAD, "sap", null, "ndjson", "", "key:k", null, null, null, null);
    new BulkJobs(StoreServers.shards()).create(tenant, job, order);
    BulkManifest manifest = new BulkManifest(StoreServers.shards());
    assertThat(manifest.plan(tenant, job, BulkReceived.NOTHING, 1, 2).isOther()).isFalse();
    assertThat(manifest.plan(tenant, job, BulkReceived.NOTHING, 1, 2).isOther()).isFalse();
    assertThat(manifest.plan(tenant, job, BulkReceived.NOTHING, 1, 3).isOther()).isTrue();
    apply(0, event("1", 1), event("2", 1));
    assertThat(manifest.plan(tenant, job, BulkReceived.NOTHING, 1, 2).isOther()).isFalse();
    assertThat(manifest.plan(tenant, job, BulkReceived.NOTHING, 2, 2).isOther()).isTrue();
    assertThat(manifest.chunks(tenant, job, -1, 9)).hasSize(1).allMatch(e -> e.rows() == 2);
  }

  @Test
  void anyTextIsWrittenAsItIs() throws SQLException {
    String odd = "a\\b\tc\nd\re\\N\u00e4\ud83d\ude00\"'\\.";
    Event event = event(odd, 1);
    assertThat(apply(0, event).counts()).isEqualTo(counts(1, 0, 0, 0));
    assertThat(query("SELECT external_id, source_version FROM inbox WHERE tenant_id = ?"))
        .containsOnlyKeys(odd);
  }

  /** Whatever comes first, and however often. */
  @Test
  void theNewestVersionOfEachObjectIsThereAfterAnyOrder() throws SQLException {
    Random random = new Random(4711);
    Map<String, Long> newest = new HashMap<>();
    List<Event> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Event event = event("o" + random.nextInt(150), random.nextInt(1_000));
      newest.merge(object(event), event.version(), Math::max);
      all.add(event);
    }
    Collections.shuffle(all, random);
    int chunk = 0;
    for (int from = 0; from < all.size(); from += 100) {
      List<Event> part = all.subList(from, from + 100);
      if (random.nextBoolean()) {
        live(part, List.of());
      } else {
        apply(chunk, part.toArray(Event[]::new));
        apply(chunk++, part.toArray(Event[]::new));
      }
    }
    assertThat(versions()).isEqualTo(newest);
    assertThat(chunk).isGreaterThan(3);
  }
}
