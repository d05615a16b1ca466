package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ShardLanesTest {
  private static final int CONSUMERS = 2;
  private static final Shard SHARD = new Shard("a", null);

  private final ShardLanes lanes = new ShardLanes("test", CONSUMERS);
  private final CountDownLatch shardIsBack = new CountDownLatch(1);

  @AfterEach
  void close() {
    shardIsBack.countDown();
    lanes.close();
  }

  /** Stands for a transaction that takes long. */
  private CompletableFuture<Object> occupy() {
    return lanes.run(
        SHARD,
        1,
        () -> {
          try {
            shardIsBack.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        });
  }

  private <T> T inConsumer(Callable<T> work) throws Exception {
    ExecutorService consumer = Executors.newSingleThreadExecutor();
    try {
      return consumer.submit(work).get();
    } finally {
      consumer.shutdown();
    }
  }

  @Test
  void oneConsumerDoesNotWaitForAnother() throws Exception {
    CompletableFuture<Object> slow = occupy();
    CompletableFuture<String> other = inConsumer(() -> lanes.run(SHARD, 1, () -> "done"));
    assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(slow).isNotDone();
  }

  @Test
  void whatOneConsumerHandsInIsDoneInItsOrder() {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Object> slow = occupy();
    List<CompletableFuture<Boolean>> later =
        IntStream.range(0, 100).mapToObj(i -> lanes.run(SHARD, 1, () -> done.add(i))).toList();
    assertThat(done).isEmpty();
    shardIsBack.countDown();
    slow.join();
    later.forEach(CompletableFuture::join);
    assertThat(done).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void moreConsumersThanLanesShareThem() throws Exception {
    for (int i = 0; i < 3 * CONSUMERS; i++) {
      assertThat(
              inConsumer(() -> lanes.run(SHARD, 1, () -> Thread.currentThread().getName()))
                  .get(10, TimeUnit.SECONDS))
          .isEqualTo("test-a-" + i % CONSUMERS);
    }
  }

  @Test
  void anotherShardIsNotHeldUp() throws Exception {
    occupy();
    assertThat(lanes.run(new Shard("b", null), 1, () -> "done").get(10, TimeUnit.SECONDS))
        .isEqualTo("done");
  }
}
