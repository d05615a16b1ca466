package dev.cmmshub.bench;

import dev.cmmshub.broker.CloudEventHeaders;
import dev.cmmshub.message.Event;
import dev.cmmshub.transform.Transformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The same translation as a Kafka Streams topology, at least once, on as many threads as the hub.
 */
final class StreamsPipeline {
  private StreamsPipeline() {}

  static AutoCloseable start(String brokers, Transformer transformer, String output, String group)
      throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    builder.<byte[], byte[]>stream("bench.inbound")
        .process(() -> new Translate(transformer))
        .to(output);
    Path state = Files.createTempDirectory("hub-bench-streams");
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, PipelineBench.THREADS);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.producerPrefix("linger.ms"), 5);
    settings.put(StreamsConfig.producerPrefix("batch.size"), 128 * 1024);
    settings.put(StreamsConfig.producerPrefix("acks"), "all");
    settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 500);
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.start();
    return () -> streams.close(Duration.ofSeconds(10));
  }

  private static final class Translate extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final Transformer transformer;

    Translate(Transformer transformer) {
      this.transformer = transformer;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      Event event =
          transformer.translate(CloudEventHeaders.toEvent(record.headers(), record.value()));
      ProducerRecord<byte[], byte[]> out = CloudEventHeaders.toRecord("out", event);
      context().forward(record.withValue(out.value()).withHeaders(out.headers()));
    }
  }
}
