package dev.cmmshub.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.BatchRun;
import dev.cmmshub.store.BatchRun.State;
import dev.cmmshub.store.BatchRuns;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.StoreServers;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.store.bulk.BulkManifest;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.tenant.SystemKind;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of loads, in a real shard, at times that the test says. */
class BatchScheduleTest {
  private static final Duration LEASE = Duration.ofMillis(700);
  private static final Instant DAY = Instant.parse("2026-11-27T00:00:00Z");
  private static final SystemKind SAP =
      new SystemKind(Set.of("part", "asset"), Optional.empty(), Set.of(), Set.of(), Set.of());

  private final Shards shards = StoreServers.shards();
  private final String id = StoreServers.newTenantId().substring(0, 30);
  private final BulkJobs jobs = new BulkJobs(shards);
  private final List<BatchSchedule> opened = new ArrayList<>();
  private final List<State> ends = new CopyOnWriteArrayList<>();
  private volatile Instant now = DAY.minusSeconds(60);
  private volatile Tenants tenants;

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }
      };

  @AfterEach
  void close() {
    opened.forEach(BatchSchedule::close);
  }

  private BackfillJobs backfills() {
    return new BackfillJobs(jobs, new BulkManifest(shards));
  }

  private BatchSchedule process() {
    BatchSchedule schedule =
        new BatchSchedule(
            () -> tenants,
            shards,
            new BatchRuns(UUID.randomUUID(), "node-" + opened.size()),
            backfills(),
            (run, state) -> ends.add(state),
            LEASE,
            clock);
    opened.add(schedule);
    return schedule;
  }

  private void define(String batch) {
    String file =
        """
        tenants:
          %s:
            systems: {sap: {connector: sap}}
            batch:
        %s"""
            .formatted(id, batch.indent(6));
    tenants =
        new TenantsFile(TenantsBuilder.dry(Optional.empty(), Map.of("sap", SAP)))
            .read(Path.of("tenants.yaml"), file.getBytes(StandardCharsets.UTF_8));
  }

  private Tenant tenant() {
    return tenants.byId(id).orElseThrow();
  }

  private Shard shard() {
    return shards.of(tenant());
  }

  private void at(String time) {
    now = Instant.parse("2026-11-" + time + ":00Z");
  }

  private BatchDesk desk() {
    return new BatchDesk(() -> tenants, shards, clock);
  }

  private BatchRun newest(String definition) throws SQLException {
    return desk().of(id).stream()
        .filter(report -> report.definition().id().equals(definition))
        .findFirst()
        .orElseThrow()
        .latest()
        .orElseThrow()
        .newest();
  }

  private void done() throws SQLException {
    end(BulkJob.State.DONE, null);
  }

  /** Ends each job that goes on. */
  private void end(BulkJob.State state, String reason) throws SQLException {
    Set<BulkJob.State> open =
        Set.of(BulkJob.State.RECEIVING, BulkJob.State.RUNNING, BulkJob.State.PAUSED);
    for (BulkJob job : all()) {
      jobs.move(tenant(), job.id(), open, state, reason);
    }
  }

  /** The tenant's jobs, the first one first. */
  private List<BulkJob> all() throws SQLException {
    List<BulkJob> all = new ArrayList<>(jobs.list(tenant(), new BulkJobs.Query(null, null, 100)));
    Collections.reverse(all);
    return all;
  }

  private List<BulkOrder> orders() throws SQLException {
    return all().stream().map(BulkJob::order).toList();
  }

  /** Defined the day before, and looked at by one process. */
  private BatchSchedule defined(String batch) {
    define(batch);
    BatchSchedule one = process();
    one.look(shard());
    return one;
  }

  @Test
  void ofTwoProcessesOneBeginsEachTime() throws SQLException {
    BatchSchedule one =
        defined("- {id: parts, system: sap, entities: [part, asset], schedule: 0 2 * * *}");
    BatchSchedule other = process();
    assertThat(newest("parts").state()).as("yesterday's").isEqualTo(State.SKIPPED);
    at("27T02:00");
    for (int round = 0; round < 5; round++) {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> one.look(shard())),
              CompletableFuture.runAsync(() -> other.look(shard())))
          .join();
    }
    assertThat(all()).hasSize(1);
    done();
    one.look(shard());
    other.look(shard());
    assertThat(orders()).extracting(BulkOrder::entity).containsExactly("part", "asset");
    done();
    one.look(shard());
    other.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.DONE);
    assertThat(newest("parts").time()).isEqualTo(Instant.parse("2026-11-27T02:00:00Z"));
    assertThat(ends).containsExactly(State.DONE);
  }

  @Test
  void whatAKilledProcessBeganAnotherOneEnds() throws SQLException {
    defined("- {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}");
    at("27T02:00");
    process().look(shard());
    // Killed behind the beginning of the job, before it is written down.
    shard()
        .transaction(
            Set.of(id),
            connection ->
                connection.createStatement().executeUpdate("UPDATE batch_run SET jobs = '{}'"));
    BatchSchedule other = process();
    other.look(shard());
    assertThat(newest("parts").jobs()).as("the first may still live").isEmpty();
    LockSupport.parkNanos(LEASE.plusMillis(100).toNanos());
    other.look(shard());
    done();
    other.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.DONE);
    assertThat(all()).as("the one that was begun").hasSize(1);
  }

  @Test
  void aHubThatWasDownCatchesUpOnce() throws SQLException {
    BatchSchedule before =
        defined("- {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}");
    at("27T02:00");
    before.look(shard());
    done();
    before.look(shard());
    before.close();
    at("30T11:00");
    BatchSchedule after = process();
    after.look(shard());
    after.look(shard());
    assertThat(newest("parts").time()).isEqualTo(Instant.parse("2026-11-30T02:00:00Z"));
    assertThat(newest("parts").since()).contains(Instant.parse("2026-11-27T02:00:00Z"));
    assertThat(all()).hasSize(2);
  }

  @Test
  void outsideOfItsWindowNothingRuns() throws SQLException {
    BatchSchedule one =
        defined(
            """
            - {id: parts, system: sap, entities: [part], schedule: 0 21 * * *,
               timezone: Europe/Berlin, window: "22:00-06:00"}
            """);
    at("27T20:30");
    one.look(shard());
    assertThat(newest("parts").reason()).contains("waits for 22:00");
    assertThat(orders()).isEmpty();
    at("27T21:00");
    one.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.RUNNING);
    at("28T05:00");
    one.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.PAUSED);
    assertThat(newest("parts").reason()).contains("paused until 22:00");
    assertThat(all().get(0).state()).isEqualTo(BulkJob.State.PAUSED);
    at("28T21:00");
    one.look(shard());
    assertThat(all().get(0).state()).isEqualTo(BulkJob.State.RECEIVING);
    assertThat(newest("parts").reason()).contains("waits for the run before it");
    done();
    one.look(shard());
    one.look(shard());
    assertThat(ends).containsExactly(State.DONE);
    assertThat(newest("parts").state()).isEqualTo(State.RUNNING);
  }

  @Test
  void whatComesAfterOthersWaitsUntilTheyEndedWell() throws SQLException {
    BatchSchedule one =
        defined(
            """
            - {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}
            - {id: assets, system: sap, entities: [asset], schedule: 0 1 * * *, after: [parts]}
            """);
    at("27T02:00");
    one.look(shard());
    assertThat(newest("assets").reason()).contains("waits for parts of 2026-11-27");
    end(BulkJob.State.FAILED, "the ERP said no");
    one.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.FAILED);
    assertThat(newest("parts").reason().orElseThrow()).contains("of part failed: the ERP said no");
    one.look(shard());
    assertThat(newest("assets").state()).isEqualTo(State.WAITING);

    BatchRun again = desk().begin(id, "parts", Optional.empty(), "ada");
    assertThat(again.attempt()).isEqualTo(2);
    one.look(shard());
    assertThatThrownBy(() -> desk().begin(id, "parts", Optional.empty(), "ada"))
        .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.status()).isEqualTo(409));
    assertThat(all()).as("a new job").hasSize(2);
    done();
    one.look(shard());
    one.look(shard());
    assertThat(newest("parts").state()).isEqualTo(State.DONE);
    assertThat(newest("assets").state()).isEqualTo(State.RUNNING);
  }

  @Test
  void changesAreReadSinceTheLastRunThatEndedWell() throws SQLException {
    BatchSchedule one =
        defined("- {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}");
    at("27T02:00");
    one.look(shard());
    done();
    one.look(shard());
    at("28T02:00");
    one.look(shard());
    end(BulkJob.State.CANCELLED, null);
    one.look(shard());
    at("29T02:00");
    one.look(shard());
    assertThat(orders())
        .extracting(BulkOrder::since)
        .containsExactly(
            null, Instant.parse("2026-11-27T02:00:00Z"), Instant.parse("2026-11-27T02:00:00Z"));
  }

  @Test
  void anotherVersionOfTheFileCountsAtOnceAndFromThenOn() throws SQLException {
    BatchSchedule one =
        defined("- {id: parts, system: sap, entities: [part], schedule: 0 2 * * *}");
    at("27T01:30");
    define("- {id: parts, system: sap, entities: [part], schedule: '0 1,3 * * *'}");
    one.look(shard());
    at("27T02:30");
    one.look(shard());
    assertThat(orders()).as("one has passed, two is none of it").isEmpty();
    at("27T03:00");
    one.look(shard());
    assertThat(orders()).hasSize(1);
    done();
    one.look(shard());
    define("- {id: parts, system: sap, entities: [part], schedule: '0 1,3 * * *', enabled: false}");
    at("28T03:00");
    one.look(shard());
    assertThat(orders()).hasSize(1);
    desk().begin(id, "parts", Optional.of(LocalDate.of(2026, 11, 26)), "ada");
    one.look(shard());
    assertThat(orders()).as("by hand it still is").hasSize(2);
  }

  @Test
  void quartzLooksWhenItIsTime() throws SQLException {
    define("- {id: parts, system: sap, entities: [part], schedule: '* * * * *'}");
    Clock shifted = Clock.offset(Clock.systemUTC(), untilShortlyBeforeAMinute());
    BatchSchedule one =
        new BatchSchedule(
            () -> tenants,
            shards,
            new BatchRuns(UUID.randomUUID(), "node"),
            backfills(),
            (run, state) -> {},
            LEASE,
            shifted);
    opened.add(one);
    one.start(Duration.ofHours(1));
    long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
    while (orders().isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(orders()).hasSize(1);
    assertThat(newest("parts").node()).contains("node");
  }

  private static Duration untilShortlyBeforeAMinute() {
    long second = Instant.now().getEpochSecond() % 60;
    return Duration.ofSeconds(58 - second);
  }
}
