package dev.cmmshub.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that commits what was acknowledged, on its own thread, each time it is polled,
 * and gives each tenant its turn: while more waits than one batch, it reads ahead and mixes.
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
  private static final long TELL_NANOS = Duration.ofMillis(250).toNanos();
  private static final int MOST_AT_ONCE = 5_000;

  private final OffsetTracker tracker = new OffsetTracker();
  private final FairBuffer buffer = new FairBuffer();
  private final TenantBacklog backlog;
  private final KafkaMeters meters;
  private final int batch;
  private long backlogTold = System.nanoTime();

  /** Where the batch began whose failure stands in the log. */
  private final Map<TopicPartition, Long> toldFailed = new HashMap<>();

  /** Whether it stands in the log that offsets could not be committed. */
  private boolean isUncommitted;

  /**
   * @param settings of which {@code max.poll.records} is the size of a batch
   * @param backlog is told what waits
   * @param meters tell of it until it is closed
   */
  AcknowledgingConsumer(Properties settings, TenantBacklog backlog, KafkaMeters meters) {
    super(readingAhead(settings));
    this.batch = Integer.parseInt(settings.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG).toString());
    this.backlog = backlog;
    this.meters = meters;
    meters.watch(this);
  }

  private static Properties readingAhead(Properties settings) {
    Properties ahead = new Properties();
    ahead.putAll(settings);
    ahead.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_ONCE);
    return ahead;
  }

  /** Work on these offsets has begun; they may be committed when {@code done} completes. */
  void track(TopicPartition partition, long[] offsets, CompletableFuture<Void> done) {
    tracker.add(partition, offsets, done);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    commitFinished();
    readFailedAgain();
    ConsumerRecords<byte[], byte[]> read = super.poll(buffer.isEmpty() ? timeout : Duration.ZERO);
    read.partitions().forEach(p -> tracker.read(p, offsets(read.records(p))));
    tellBacklog();
    if (buffer.isEmpty() && read.count() <= batch) {
      return read;
    }
    read.partitions().forEach(p -> buffer.add(p, read.records(p)));
    ConsumerRecords<byte[], byte[]> turn = new ConsumerRecords<>(buffer.take(batch), Map.of());
    readAhead();
    return turn;
  }

  private static LongStream offsets(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().mapToLong(ConsumerRecord::offset);
  }

  /** Stops reading partitions of which enough is here, and goes on where little is left. */
  private void readAhead() {
    Set<TopicPartition> stopped = paused();
    pause(assignment().stream().filter(buffer::isFull).toList());
    if (!stopped.isEmpty()) {
      resume(stopped.stream().filter(buffer::isLow).toList());
    }
  }

  /** What the tail of a partition holds is likely to be of the tenants that its head is of. */
  private void tellBacklog() {
    if (System.nanoTime() - backlogTold < TELL_NANOS) {
      return;
    }
    backlogTold = System.nanoTime();
    Map<String, Long> waiting = new HashMap<>();
    for (TopicPartition partition : assignment()) {
      Map<String, Integer> head = buffer.count(partition);
      long all = head.values().stream().mapToLong(Integer::longValue).sum();
      double grow = all == 0 ? 0 : 1 + (double) currentLag(partition).orElse(0) / all;
      head.forEach((tenant, count) -> waiting.merge(tenant, (long) (count * grow), Long::sum));
    }
    backlog.tell(this, waiting);
  }

  private void commitFinished() {
    Map<TopicPartition, OffsetAndMetadata> finished = tracker.takeFinished();
    if (!finished.isEmpty()) {
      commitAsync(
          finished,
          (offsets, error) -> {
            if (error != null) {
              // The next commit of the partition covers these offsets too.
              if (!isUncommitted) {
                LOG.warn("Offsets {} not committed yet: {}", offsets, error.getMessage());
              }
            }
            isUncommitted = error != null;
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
          // The same batch may fail many times.
          if (!offset.equals(toldFailed.put(partition, offset))) {
            LOG.warn("A batch of {} failed: reading again from offset {}", partition, offset);
          }
          seek(partition, offset);
        });
    forget(failed.keySet());
  }

  private void forget(Collection<TopicPartition> partitions) {
    tracker.forget(partitions);
    buffer.forget(partitions);
    Set<TopicPartition> stopped = new HashSet<>(paused());
    stopped.retainAll(partitions);
    resume(stopped);
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
    forget(partitions);
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
    backlog.forget(this);
    meters.forget(this);
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
      forget(partitions);
    }
  }
}
