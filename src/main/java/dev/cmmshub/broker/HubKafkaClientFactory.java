package dev.cmmshub.broker;

import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives camel-kafka consumers whose manual commit is an acknowledgement that may come later and
 * from another thread ({@link BatchReader}).
 */
public final class HubKafkaClientFactory extends DefaultKafkaClientFactory
    implements KafkaManualCommitFactory {

  private final Topics topics;

  public HubKafkaClientFactory(Topics topics) {
    this.topics = topics;
  }

  /** Knows the inbound topic before its first record, whose sender must not wait for metadata. */
  @Override
  public Producer<?, ?> getProducer(Properties settings) {
    Producer<?, ?> producer = super.getProducer(settings);
    producer.partitionsFor(topics.inbound());
    return producer;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Properties settings) {
    return new AcknowledgingConsumer(settings);
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
