package dev.cmmshub.broker;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Gives camel-kafka consumers whose manual commit is an acknowledgement that may come later and
 * from another thread ({@link BatchReader}).
 */
public final class HubKafkaClientFactory extends DefaultKafkaClientFactory
    implements KafkaManualCommitFactory {

  private static final long YEAR_MS = Duration.ofDays(365).toMillis();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private final Topics topics;
  private final TenantBacklog backlog;
  private final int spread;
  private final KafkaMeters meters;

  /**
   * @param backlog is told what waits of each tenant
   * @param spread to how many partitions a tenant's records go
   * @param meters tell of each client
   */
  public HubKafkaClientFactory(
      Topics topics, TenantBacklog backlog, int spread, KafkaMeters meters) {
    this.topics = topics;
    this.backlog = backlog;
    this.spread = spread;
    this.meters = meters;
  }

  /**
   * A producer that never makes its caller wait, since requests are taken on an event loop: while
   * the broker is away, or too much waits for it, a record is refused at once. It knows the inbound
   * topic before its first record, and for good.
   *
   * @throws TimeoutException when the broker does not answer within 10 s
   */
  @Override
  public Producer<?, ?> getProducer(Properties settings) {
    settings.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, "0");
    settings.setProperty(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.toString(YEAR_MS));
    settings.putAll(TenantPartitioner.settings(spread));
    Producer<?, ?> producer = super.getProducer(settings);
    long begin = System.nanoTime();
    while (true) {
      try {
        producer.partitionsFor(topics.inbound());
        meters.watch(producer);
        return producer;
      } catch (TimeoutException e) {
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
          producer.close(Duration.ZERO);
          throw e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Properties settings) {
    return new AcknowledgingConsumer(settings, backlog, meters);
  }

  @Override
  public KafkaManualCommit newInstance(
      CamelExchangePayload camel, KafkaRecordPayload record, CommitManager commitManager) {
    return new Position(
        (AcknowledgingConsumer) camel.consumer, record.partition, record.recordOffset);
  }

  /** Where a record was read; committing is the tracker's work. */
  record Position(AcknowledgingConsumer consumer, TopicPartition partition, long offset)
      implements KafkaManualCommit {
    @Override
    public void commit() {
      throw new UnsupportedOperationException(
          "acknowledge the batch instead of committing a single record");
    }
  }
}
