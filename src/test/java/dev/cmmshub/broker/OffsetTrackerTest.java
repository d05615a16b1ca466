package dev.cmmshub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
  private static final TopicPartition P0 = new TopicPartition("hub.inbound", 0);
  private static final TopicPartition P1 = new TopicPartition("hub.inbound", 1);

  private final OffsetTracker tracker = new OffsetTracker();

  private CompletableFuture<Void> add(TopicPartition partition, long first, long last) {
    return add(tracker, partition, first, last);
  }

  private static CompletableFuture<Void> add(
      OffsetTracker tracker, TopicPartition partition, long first, long last) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tracker.read(partition, LongStream.rangeClosed(first, last));
    tracker.add(partition, LongStream.rangeClosed(first, last).toArray(), done);
    return done;
  }

  private static Map<TopicPartition, OffsetAndMetadata> commit(TopicPartition p, long offset) {
    return Map.of(p, new OffsetAndMetadata(offset));
  }

  @Test
  void whatEndsEarlyWaitsForWhatWasReadBefore() {
    CompletableFuture<Void> first = add(P0, 0, 9);
    CompletableFuture<Void> second = add(P0, 10, 19);
    CompletableFuture<Void> third = add(P0, 20, 29);
    assertThat(tracker.takeFinished()).isEmpty();
    third.complete(null);
    assertThat(tracker.takeFinished()).isEmpty();
    first.complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 10));
    assertThat(tracker.takeFinished()).as("told once").isEmpty();
    second.complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 30));
  }

  @Test
  void onePartitionWaitsForNoOther() {
    add(P0, 0, 9);
    add(P1, 5, 7).complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P1, 8));
  }

  @Test
  void aBatchThatFailedIsReadAgainFromItsFirstRecord() {
    CompletableFuture<Void> first = add(P0, 0, 9);
    CompletableFuture<Void> second = add(P0, 10, 19);
    add(P0, 20, 29).complete(null);
    second.completeExceptionally(new IllegalStateException("away"));
    assertThat(tracker.takeFailed()).as("the one before it is still at work").isEmpty();
    first.complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 10));
    assertThat(tracker.takeFailed()).isEqualTo(Map.of(P0, 10L));
    assertThat(tracker.takeFinished()).as("20 to 29 come again with it").isEmpty();
    assertThat(tracker.takeFailed()).isEmpty();
  }

  @Test
  void aFailureNeverBecomesACommit() {
    add(P0, 0, 9).completeExceptionally(new IllegalStateException("away"));
    add(P1, 0, 4).complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P1, 5));
    assertThat(tracker.takeFailed()).isEqualTo(Map.of(P0, 0L));
    add(P0, 0, 9).complete(null);
    assertThat(tracker.takeFinished()).as("read again").isEqualTo(commit(P0, 10));
  }

  @Test
  void aForgottenPartitionIsNeverCommitted() {
    CompletableFuture<Void> lost = add(P0, 0, 9);
    CompletableFuture<Void> kept = add(P1, 0, 9);
    tracker.forget(List.of(P0));
    lost.complete(null);
    kept.complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P1, 10));
    assertThat(tracker.takeFailed()).isEmpty();
  }

  @Test
  void whoHandsAPartitionOverCanWaitForIt() {
    CompletableFuture<Void> first = add(P0, 0, 9);
    CompletableFuture<Void> second = add(P0, 10, 19);
    add(P1, 0, 9);
    CompletableFuture<Void> all = tracker.unfinished(List.of(P0, new TopicPartition("none", 0)));
    first.complete(null);
    assertThat(all).isNotDone();
    second.complete(null);
    assertThat(all).isCompleted();
    assertThat(tracker.unfinished(List.of())).isCompleted();
  }

  /** However batches end, a commit never passes one that has not ended. */
  @Test
  void inAnyOrderOnlyTheFinishedPrefixIsCommitted() {
    Random random = new Random(20260306);
    for (int round = 0; round < 200; round++) {
      OffsetTracker any = new OffsetTracker();
      List<CompletableFuture<Void>> batches = new ArrayList<>();
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        batches.add(add(any, P0, i * 10L, i * 10L + 9));
        order.add(i);
      }
      Collections.shuffle(order, random);
      long committed = 0;
      for (int ended : order) {
        batches.get(ended).complete(null);
        OffsetAndMetadata offset = any.takeFinished().get(P0);
        committed = offset == null ? committed : offset.offset();
        int prefix = 0;
        while (prefix < 20 && batches.get(prefix).isDone()) {
          prefix++;
        }
        assertThat(committed).isEqualTo(prefix * 10L);
      }
    }
  }

  /** Records that were read and wait for their turn are not done, whatever comes after them. */
  @Test
  void inAnyMixtureOnlyTheFinishedPrefixIsCommitted() {
    Random random = new Random(20261127);
    for (int round = 0; round < 200; round++) {
      OffsetTracker any = new OffsetTracker();
      int records = 1 + random.nextInt(9000);
      any.read(P0, LongStream.range(7, 7 + records));
      List<Long> mixed = new ArrayList<>(LongStream.range(7, 7 + records).boxed().toList());
      Collections.shuffle(mixed, random);
      BitSet done = new BitSet();
      long committed = 7;
      while (!mixed.isEmpty()) {
        List<Long> batch = mixed.subList(0, Math.min(mixed.size(), 1 + random.nextInt(500)));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        any.add(P0, batch.stream().mapToLong(Long::longValue).toArray(), ended);
        OffsetAndMetadata early = any.takeFinished().get(P0);
        assertThat(early).as("nothing new is done").isNull();
        batch.forEach(offset -> done.set((int) (offset - 7)));
        batch.clear();
        ended.complete(null);
        OffsetAndMetadata offset = any.takeFinished().get(P0);
        committed = offset == null ? committed : offset.offset();
        assertThat(committed).isEqualTo(7 + done.nextClearBit(0));
      }
      assertThat(committed).isEqualTo(7 + records);
    }
  }

  @Test
  void whatTheTopicDoesNotHaveHoldsUpNothing() {
    add(P0, 3, 5).complete(null);
    add(P0, 90, 91).complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 92));
  }

  /** A batch is still at work when its partition goes and comes back. */
  @Test
  void whatWasBegunBeforeThePartitionCameBackHarmsNothing() {
    add(P0, 0, 9).complete(null);
    tracker.read(P0, LongStream.rangeClosed(10, 19));
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 10));
    tracker.forget(List.of(P0));
    CompletableFuture<Void> again = add(P0, 15, 24);
    CompletableFuture<Void> late = new CompletableFuture<>();
    tracker.add(P0, LongStream.rangeClosed(10, 19).toArray(), late);
    late.complete(null);
    assertThat(tracker.takeFinished()).isEqualTo(commit(P0, 20));
    again.completeExceptionally(new IllegalStateException("away"));
    assertThat(tracker.takeFailed()).isEqualTo(Map.of(P0, 20L));
  }
}
