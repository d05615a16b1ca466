package dev.cmmshub.broker;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows, per partition, which records are not done yet, so that reading, work and acknowledgement
 * overlap, records can be worked on in another order than they were read, and yet an offset is
 * committed only when everything before it is done.
 *
 * <p>Batches complete on any thread; all methods are safe to call from any.
 */
final class OffsetTracker {
  private final Map<TopicPartition, PartitionProgress> partitions = new HashMap<>();

  /** These were read; what is not handed to {@link #add} yet is not done. In order of offsets. */
  synchronized void read(TopicPartition partition, LongStream offsets) {
    PartitionProgress progress =
        partitions.computeIfAbsent(partition, p -> new PartitionProgress());
    offsets.forEach(progress::read);
  }

  /**
   * Part of a batch that lies in one partition.
   *
   * @param offsets that were read before, in any order; done when {@code done} completes
   */
  synchronized void add(TopicPartition partition, long[] offsets, CompletableFuture<Void> done) {
    PartitionProgress progress = partitions.get(partition);
    if (progress != null) {
      progress.begin(offsets, done);
    }
  }

  /** Takes the finished prefix of each partition and returns the offsets to commit. */
  synchronized Map<TopicPartition, OffsetAndMetadata> takeFinished() {
    Map<TopicPartition, OffsetAndMetadata> finished = Map.of();
    for (Map.Entry<TopicPartition, PartitionProgress> entry : partitions.entrySet()) {
      if (entry.getValue().advance()) {
        finished = finished.isEmpty() ? new HashMap<>() : finished;
        finished.put(entry.getKey(), new OffsetAndMetadata(entry.getValue().position()));
      }
    }
    return finished;
  }

  /**
   * Forgets partitions whose first record that is not done is of a batch that failed, and returns
   * where each has to be read again.
   */
  synchronized Map<TopicPartition, Long> takeFailed() {
    Map<TopicPartition, Long> failed = Map.of();
    for (Map.Entry<TopicPartition, PartitionProgress> entry : partitions.entrySet()) {
      if (entry.getValue().hasFailed()) {
        failed = failed.isEmpty() ? new HashMap<>() : failed;
        failed.put(entry.getKey(), entry.getValue().position());
      }
    }
    forget(failed.keySet());
    return failed;
  }

  /** All batches of these partitions that have begun and not ended. */
  synchronized CompletableFuture<Void> unfinished(Collection<TopicPartition> of) {
    return CompletableFuture.allOf(
        of.stream()
            .map(partitions::get)
            .filter(progress -> progress != null)
            .flatMap(PartitionProgress::unfinished)
            .toArray(CompletableFuture[]::new));
  }

  synchronized void forget(Collection<TopicPartition> lost) {
    lost.forEach(partitions::remove);
  }
}
