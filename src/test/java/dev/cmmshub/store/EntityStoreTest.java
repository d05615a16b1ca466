package dev.cmmshub.store;

import static dev.cmmshub.store.StoreServers.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.trace.Traces;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

class EntityStoreTest {
  private static JedisConnectionFactory redis;

  private final String tenant = StoreServers.newTenantId();
  private final List<String> heard = new ArrayList<>();
  private EntityStore store;
  private String pin;

  @BeforeAll
  static void connect() {
    redis = StoreServers.redis();
  }

  @AfterAll
  static void disconnect() {
    redis.destroy();
  }

  @BeforeEach
  void makeStore() {
    pin = "a";
    store =
        new EntityStore(
            StoreServers.shards(),
            id -> Optional.of(StoreServers.tenant(id, pin)),
            StoreServers.cache(redis),
            (event, outcome, shard) -> heard.add(event.version() + " " + outcome + " " + shard),
            StoreServers.lanes(),
            Traces.OFF);
  }

  private EventBatch apply(Event... events) {
    return StoreServers.apply(
        store, new EventBatch(Arrays.asList(events), new CompletableFuture<>()));
  }

  private Event version(long version) {
    return event(tenant, "4711", version, "{\"v\":" + version + "}");
  }

  private String stored(String number) throws SQLException {
    UUID id = EventIds.ofObject(new EventKey(tenant, "sap", "workorder", number));
    return StoreServers.shards()
        .of(StoreServers.tenant(tenant, pin))
        .transaction(
            List.of(tenant),
            connection -> {
              try (PreparedStatement statement =
                  connection.prepareStatement("SELECT data::text FROM entity WHERE id = ?")) {
                statement.setObject(1, id);
                try (ResultSet rows = statement.executeQuery()) {
                  return rows.next() ? rows.getString(1) : null;
                }
              }
            });
  }

  @Test
  void aNewerVersionReplacesAnOlderOne() throws SQLException {
    Event first = version(1);
    assertThat(apply(first).events()).containsExactly(first);
    assertThat(apply(version(3)).events()).hasSize(1);
    assertThat(stored("4711")).isEqualTo("{\"v\": 3}");
    assertThat(heard).containsExactly("1 APPLIED a", "3 APPLIED a");
  }

  @Test
  void anOlderVersionChangesNothingAndIsToldToNobody() throws SQLException {
    apply(version(5));
    EventBatch late = apply(version(4));
    assertThat(late.events()).isEmpty();
    assertThat(late.failures()).isEmpty();
    assertThat(stored("4711")).isEqualTo("{\"v\": 5}");
    assertThat(heard).containsExactly("5 APPLIED a", "4 STALE a");
  }

  /** The crash that repeats an event may have come before anybody was told of it. */
  @Test
  void aDuplicateChangesNothingButIsToldAgain() throws SQLException {
    apply(version(1));
    apply(version(2));
    assertThat(apply(version(1)).events()).hasSize(1);
    assertThat(stored("4711")).isEqualTo("{\"v\": 2}");
    assertThat(heard).containsExactly("1 APPLIED a", "2 APPLIED a", "1 DUPLICATE a");
  }

  @Test
  void ofManyVersionsInOneBatchTheNewestStaysAndEachRiseIsTold() throws SQLException {
    EventBatch told = apply(version(2), version(1), version(4), version(3), version(5));
    assertThat(told.events()).extracting(Event::version).containsExactly(2L, 4L, 5L);
    assertThat(stored("4711")).isEqualTo("{\"v\": 5}");
    assertThat(heard)
        .containsExactly("2 APPLIED a", "1 STALE a", "4 APPLIED a", "3 STALE a", "5 APPLIED a");
  }

  @Test
  void objectsOfTheSameNumberOfTwoTenantsAreTwo() throws SQLException {
    String other = StoreServers.newTenantId();
    apply(version(1), event(other, "4711", 9, "{\"other\":true}"));
    assertThat(stored("4711")).isEqualTo("{\"v\": 1}");
    assertThat(heard).containsExactly("1 APPLIED a", "9 APPLIED a");
  }

  /** PostgreSQL's jsonb cannot hold the character 0. */
  @Test
  void aRowTheDatabaseRefusesFailsAlone() throws SQLException {
    Event[] events = new Event[40];
    for (int i = 0; i < events.length; i++) {
      events[i] = event(tenant, "w" + i, 1, "{\"i\":" + i + "}");
    }
    events[7] = event(tenant, "w7", 1, "{\"i\":\"private \\u0000\"}");
    events[31] = event(tenant, "w31", 1, "{private");
    EventBatch batch = apply(events);
    assertThat(batch.events()).hasSize(38).doesNotContain(events[7], events[31]);
    assertThat(batch.failures())
        .extracting(FailedEvent::event)
        .containsExactly(events[7], events[31]);
    assertThat(batch.failures())
        .allSatisfy(
            failed -> {
              assertThat(failed.failure().errorClass()).isEqualTo("store");
              assertThat(failed.failure().reason())
                  .startsWith("PostgreSQL refuses the row: ")
                  .doesNotContain("private");
              assertThat(failed.attempt()).isEqualTo(1);
            });
    assertThat(batch.done()).as("the batch goes on").isNotDone();
    assertThat(stored("w6")).isEqualTo("{\"i\": 6}");
    assertThat(stored("w7")).isNull();
    assertThat(stored("w39")).isEqualTo("{\"i\": 39}");
    heard.clear();
    assertThat(apply(events[7]).failures()).isEmpty();
    assertThat(heard).as("its key is parked").containsExactly("1 QUEUED a");
  }

  @Test
  void aBatchOverTwoShardsIsAppliedOnBoth() {
    List<Event> events = new ArrayList<>();
    EntityStore hashing =
        new EntityStore(
            StoreServers.shards(),
            id -> Optional.of(StoreServers.tenant(id, null)),
            StoreServers.cache(redis),
            (event, outcome, shard) -> heard.add(shard),
            StoreServers.lanes(),
            Traces.OFF);
    for (int i = 0; i < 30; i++) {
      events.add(event(StoreServers.newTenantId(), "1", 1, "{}"));
    }
    EventBatch told =
        StoreServers.apply(hashing, new EventBatch(events, new CompletableFuture<>()));
    assertThat(told.events()).containsExactlyInAnyOrderElementsOf(events);
    assertThat(heard).contains("a", "b").hasSize(30);
  }

  /** However often and in whatever order versions come, the newest is what stays. */
  @Test
  void anyOrderOfAnyRepetitionEndsTheSame() throws SQLException {
    Random random = new Random(20260306);
    List<Event> events = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      for (int v = 1; v <= 6; v++) {
        Event event = event(tenant, "r" + number, v, "{\"v\":" + v + "}");
        events.addAll(Collections.nCopies(1 + random.nextInt(3), event));
      }
    }
    Collections.shuffle(events, random);
    for (int from = 0; from < events.size(); from += 17) {
      apply(events.subList(from, Math.min(from + 17, events.size())).toArray(Event[]::new));
    }
    for (int number = 0; number < 10; number++) {
      assertThat(stored("r" + number)).isEqualTo("{\"v\": 6}");
    }
  }

  @Test
  void anEmptyBatchNeedsNoDatabase() {
    EventBatch empty = new EventBatch(List.of(), new CompletableFuture<>());
    assertThat(StoreServers.apply(store, empty).events()).isEmpty();
  }
}
