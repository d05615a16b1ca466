package dev.cmmshub.connector.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.Budget;
import dev.cmmshub.tenant.QuietHours;
import dev.cmmshub.tenant.Tenants;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BudgetsTest {
  private static final String ERP = "https://erp.example/odata";
  private static final OptionalInt ANY = OptionalInt.empty();
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-07-01T12:00:00Z"), ZoneOffset.UTC);

  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private Budgets budgets;

  private void keepTo(OptionalInt inFlight, OptionalInt perSecond, QuietHours... quiet) {
    Budget budget = new Budget(inFlight, perSecond, List.of(quiet));
    Tenants tenants = new Tenants(List.of(), Map.of("erp.example", budget), "1");
    budgets = new Budgets(() -> tenants, 1, NOON);
  }

  private CompletableFuture<Void> call(String tenant, int millis) {
    return budgets.call(
        tenant,
        ERP,
        () ->
            CompletableFuture.runAsync(
                () -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  order.add(tenant);
                  LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                  running.decrementAndGet();
                },
                threads));
  }

  @AfterEach
  void end() {
    budgets.close();
    threads.shutdownNow();
  }

  @Test
  void soManyAtOnceAndWhoHasOneIsNotBehindWhoHasMany() {
    keepTo(OptionalInt.of(2), ANY);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(call("many", 5));
    }
    all.add(call("one", 5));
    all.forEach(CompletableFuture::join);
    assertThat(most).hasValue(2);
    assertThat(order).hasSize(41);
    assertThat(order.indexOf("one")).isLessThanOrEqualTo(4);
  }

  @Test
  void soManyASecond() {
    keepTo(ANY, OptionalInt.of(50));
    long begin = System.nanoTime();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 55; i++) {
      all.add(call("a", 0));
    }
    all.forEach(CompletableFuture::join);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as("five at once, then fifty in a second")
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @Test
  void aCallThatFailsMakesRoomForTheNext() {
    keepTo(OptionalInt.of(1), ANY);
    List<CompletableFuture<Void>> failed = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      failed.add(
          budgets.call(
              "a",
              ERP,
              () -> {
                throw new IllegalStateException("refused");
              }));
    }
    assertThat(failed).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(call("b", 0)).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void whoAsksForARestGetsItFromAll() {
    keepTo(OptionalInt.of(1), ANY);
    CompletableFuture<Void> before = call("a", 50);
    CompletableFuture<Void> waiting = call("b", 0);
    budgets.rest(ERP, Duration.ofMillis(400));
    assertThat(before).succeedsWithin(Duration.ofSeconds(5));
    assertThat(waiting)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOfSatisfying(
            HeldBackException.class,
            held -> assertThat(held.left()).isLessThan(Duration.ofMillis(400)));
    assertThat(budgets.mayCall(ERP)).isFalse();
    assertThat(budgets.mayCall("https://other.example")).isTrue();
    LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
    assertThat(budgets.mayCall(ERP)).isTrue();
    assertThat(call("b", 0)).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void inQuietHoursNothingIsCalled() {
    keepTo(
        ANY,
        ANY,
        new QuietHours(LocalTime.of(13, 30), LocalTime.of(14, 45), ZoneId.of("Europe/Berlin")));
    assertThat(call("a", 0))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOfSatisfying(
            HeldBackException.class,
            held -> assertThat(held.left()).isEqualTo(Duration.ofMinutes(45)));
    assertThat(order).isEmpty();
  }

  @Test
  void anotherPortIsAnotherReceiver() {
    keepTo(OptionalInt.of(1), ANY);
    call("a", 200);
    long begin = System.nanoTime();
    budgets.call("a", "https://erp.example.org/", () -> CompletableFuture.completedFuture(null));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(150));
  }

  @Test
  void whatIsNoAddressHasNoBudget() {
    keepTo(OptionalInt.of(1), ANY);
    assertThat(budgets.mayCall("https://erp .example/{path}")).isTrue();
    assertThat(budgets.mayCall("")).isTrue();
  }
}
