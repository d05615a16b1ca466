package dev.cmmshub.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that commits what was acknowledged, on its own thread, each time it is polled.
 *
 * <p>Guarantee: a committed offset means that every record before it was acknowledged. Before a
 * partition is given away, or the consumer closed, unfinished batches get {@link #HANDOVER} to end;
 * what has not ended then is read again by the next owner. A batch that failed is read again.
 */
final class AcknowledgingConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgingConsumer.class);
  private static final Duration HANDOVER = Duration.ofSeconds(2);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofMillis(500);
  private static final Duration COMMIT = Duration.ofSeconds(5);

  private final OffsetTracker tracker = new OffsetTracker();

  AcknowledgingConsumer(Properties settings) {
    super(settings);
  }

  /** Work on these offsets has begun; they may be committed when {@code done} completes. */
  void track(TopicPartition partition, long first, long last, CompletableFuture<Void> done) {
    tracker.add(partition, first, last, done);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    commitFinished();
    readFailedAgain();
    return super.poll(timeout);
  }

  private void commitFinished() {
    Map<TopicPartition, OffsetAndMetadata> finished = tracker.takeFinished();
    if (!finished.isEmpty()) {
      commitAsync(
          finished,
          (offsets, error) -> {
            if (error != null) {
              // The next commit of the partition covers these offsets too.
              LOG.warn("Offsets {} not committed yet: {}", offsets, error.getMessage());
            }
          });
    }
  }

  private void readFailedAgain() {
    Map<TopicPartition, Long> failed = tracker.takeFailed();
    if (!failed.isEmpty()) {
      // What failed as a whole will hardly work in the next millisecond.
      LockSupport.parkNanos(BACK_OFF.toNanos());
    }
    failed.forEach(
        (partition, offset) -> {
          LOG.warn("A batch of {} failed: reading again from offset {}", partition, offset);
          seek(partition, offset);
        });
  }

  private void handOver(Collection<TopicPartition> partitions) {
    try {
      tracker.unfinished(partitions).get(HANDOVER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException
        | CompletionException e) {
      LOG.info("Unfinished batches of {} are left to the next owner", partitions);
    }
    Map<TopicPartition, OffsetAndMetadata> finished = tracker.takeFinished();
    if (!finished.isEmpty()) {
      commitSync(finished, COMMIT);
    }
    tracker.forget(partitions);
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    super.subscribe(topics, new HandingOver(listener));
  }

  @Override
  public void unsubscribe() {
    handOver(assignment());
    super.unsubscribe();
  }

  @Override
  public void close() {
    // The default would wait up to 30 s for a broker that may be gone already.
    super.close(CloseOptions.timeout(FAREWELL));
  }

  /** Commits before a partition goes; forgets one that is lost. */
  private final class HandingOver implements ConsumerRebalanceListener {
    private final ConsumerRebalanceListener next;

    HandingOver(ConsumerRebalanceListener next) {
      this.next = next;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      next.onPartitionsAssigned(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      handOver(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      tracker.forget(partitions);
    }
  }
}
