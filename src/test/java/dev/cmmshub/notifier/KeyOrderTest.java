package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
  private final KeyOrder order = new KeyOrder();
  private final List<String> begun = Collections.synchronizedList(new ArrayList<>());

  /** Work that ends when the test says so. */
  private CompletableFuture<Void> run(String key, String name, CompletableFuture<Void> work) {
    return order.run(
        key,
        () -> {
          begun.add(name);
          return work;
        });
  }

  @Test
  void theSecondOfAKeyWaitsForTheFirst() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> second = new CompletableFuture<>();
    CompletableFuture<Void> firstDone = run("k", "1", first);
    CompletableFuture<Void> secondDone = run("k", "2", second);
    CompletableFuture<Void> thirdDone = run("k", "3", CompletableFuture.completedFuture(null));
    assertThat(begun).containsExactly("1");
    first.complete(null);
    assertThat(firstDone).isCompleted();
    assertThat(begun).containsExactly("1", "2");
    assertThat(secondDone).isNotDone();
    second.complete(null);
    assertThat(begun).containsExactly("1", "2", "3");
    assertThat(thirdDone).isCompleted();
  }

  @Test
  void oneKeyWaitsForNoOther() {
    run("slow", "1", new CompletableFuture<>());
    CompletableFuture<Void> other = run("quick", "2", CompletableFuture.completedFuture(null));
    assertThat(begun).containsExactly("1", "2");
    assertThat(other).isCompleted();
  }

  @Test
  void aFailureIsToldAndDoesNotHoldTheNext() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> failed = run("k", "1", first);
    CompletableFuture<Void> next = run("k", "2", CompletableFuture.completedFuture(null));
    first.completeExceptionally(Deliveries.status(500));
    assertThatThrownBy(failed::join).hasCauseInstanceOf(DeliveryException.class);
    assertThat(next).isCompleted();
  }

  @Test
  void aKeyThatIsQuietStartsAtOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(run("k", "x", CompletableFuture.completedFuture(null))).isCompleted();
    }
    assertThat(begun).hasSize(3);
  }

  @Test
  void manyThreadsAndKeysNeverHaveTwoOfAKeyAtOnceNorOutOfOrder() throws Exception {
    int keys = 5;
    int each = 400;
    AtomicInteger[] inside = new AtomicInteger[keys];
    AtomicInteger clashes = new AtomicInteger();
    List<List<Integer>> seen = new ArrayList<>();
    List<CompletableFuture<Void>> all = Collections.synchronizedList(new ArrayList<>());
    ExecutorService workers = Executors.newFixedThreadPool(8);
    try {
      for (int k = 0; k < keys; k++) {
        inside[k] = new AtomicInteger();
        seen.add(Collections.synchronizedList(new ArrayList<>()));
      }
      Random random = new Random(20260306);
      for (int i = 0; i < each; i++) {
        for (int k = 0; k < keys; k++) {
          int key = k;
          int number = i;
          boolean fails = random.nextInt(10) == 0;
          all.add(
              order.run(
                  "k" + key,
                  () ->
                      CompletableFuture.runAsync(
                          () -> {
                            clashes.addAndGet(inside[key].incrementAndGet() - 1);
                            seen.get(key).add(number);
                            inside[key].decrementAndGet();
                            if (fails) {
                              throw Deliveries.status(500);
                            }
                          },
                          workers)));
        }
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .handle((result, error) -> null)
          .get(20, TimeUnit.SECONDS);
    } finally {
      workers.shutdownNow();
    }
    assertThat(clashes).hasValue(0);
    assertThat(seen).allSatisfy(numbers -> assertThat(numbers).hasSize(each).isSorted());
  }

  /** All wait for the first, then each ends at once: no deeper for a thousand than for two. */
  @Test
  void aLongQueueEnds() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    run("k", "first", first);
    List<CompletableFuture<Void>> rest = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rest.add(run("k", "next", CompletableFuture.completedFuture(null)));
    }
    first.complete(null);
    assertThat(rest.stream().filter(done -> !done.isDone())).isEmpty();
  }

  /** A sender that throws instead of answering must not hold its key for ever. */
  @Test
  void workThatDoesNotEvenBeginIsAFailure() {
    CompletableFuture<Void> failed =
        order.run(
            "k",
            () -> {
              throw new IllegalStateException("no such address");
            });
    assertThatThrownBy(failed::join).hasRootCauseMessage("no such address");
    assertThat(run("k", "next", CompletableFuture.completedFuture(null))).isCompleted();
  }
}
