package dev.cmmshub.broker;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows, per partition, which batches are still being worked on, so that reading, work and
 * acknowledgement overlap and yet an offset is committed only when everything before it is done.
 *
 * <p>Batches complete on any thread; all methods are safe to call from any.
 */
final class OffsetTracker {
  /** Part of a batch that lies in one partition. */
  private record Pending(long first, long last, CompletableFuture<Void> done) {}

  private final Map<TopicPartition, Deque<Pending>> pending = new HashMap<>();

  synchronized void add(
      TopicPartition partition, long first, long last, CompletableFuture<Void> done) {
    pending.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(new Pending(first, last, done));
  }

  /** Takes the finished prefix of each partition and returns the offsets to commit. */
  synchronized Map<TopicPartition, OffsetAndMetadata> takeFinished() {
    Map<TopicPartition, OffsetAndMetadata> finished = Map.of();
    for (Map.Entry<TopicPartition, Deque<Pending>> entry : pending.entrySet()) {
      long last = takeFinished(entry.getValue());
      if (last >= 0) {
        finished = finished.isEmpty() ? new HashMap<>() : finished;
        finished.put(entry.getKey(), new OffsetAndMetadata(last + 1));
      }
    }
    return finished;
  }

  private static long takeFinished(Deque<Pending> queue) {
    long last = -1;
    while (!queue.isEmpty() && isDone(queue.peek().done())) {
      last = queue.poll().last();
    }
    return last;
  }

  private static boolean isDone(CompletableFuture<Void> future) {
    return future.isDone() && !future.isCompletedExceptionally();
  }

  /** Forgets partitions whose oldest batch failed and returns where each has to be read again. */
  synchronized Map<TopicPartition, Long> takeFailed() {
    Map<TopicPartition, Long> failed = Map.of();
    for (Map.Entry<TopicPartition, Deque<Pending>> entry : pending.entrySet()) {
      Pending oldest = entry.getValue().peek();
      if (oldest != null && oldest.done().isCompletedExceptionally()) {
        failed = failed.isEmpty() ? new HashMap<>() : failed;
        failed.put(entry.getKey(), oldest.first());
        entry.getValue().clear();
      }
    }
    return failed;
  }

  /** Everything still being worked on in these partitions. */
  synchronized CompletableFuture<Void> unfinished(Collection<TopicPartition> partitions) {
    return CompletableFuture.allOf(
        partitions.stream()
            .map(pending::get)
            .filter(queue -> queue != null)
            .flatMap(Collection::stream)
            .map(Pending::done)
            .toArray(CompletableFuture[]::new));
  }

  synchronized void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(pending::remove);
  }
}
