package dev.cmmshub.bench;

import dev.cmmshub.RedisConnection;
import dev.cmmshub.broker.BatchFailures;
import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.broker.BatchParts.Part;
import dev.cmmshub.broker.BatchPublisher;
import dev.cmmshub.broker.BatchReader;
import dev.cmmshub.broker.CloudEventHeaderFilter;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.HubKafkaClientFactory;
import dev.cmmshub.broker.KafkaMeters;
import dev.cmmshub.broker.TenantBacklog;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.store.CacheObserver;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.EntityStore;
import dev.cmmshub.store.RedisWatch;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.transform.Transformer;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The hub's own route routes/2-transform.camel.yaml with the hub's own beans. */
final class HubPipeline {
  /** Stands for the store where only the way through Kafka is measured. */
  public static final class NoStore {
    public BatchParts<Part> apply(EventBatch batch) {
      return new BatchParts<>(
          batch,
          List.of(CompletableFuture.completedFuture(new Part(batch.events(), batch.failures()))));
    }
  }

  private HubPipeline() {}

  /**
   * @param tenants null: without the shard
   */
  static AutoCloseable start(
      BenchServers servers,
      Transformer transformer,
      String prefix,
      Tenants tenants,
      Watching watching)
      throws Exception {
    Topics topics = new Topics(prefix);
    EventPublisher publisher =
        new EventPublisher(servers.brokers(), 12 << 20, 0, watching.traces());
    Shards shards =
        tenants == null ? null : new Shards(servers.backends().shards(), watching.registry());
    RedisConnection redis = tenants == null ? null : new RedisConnection(servers.backends());
    RedisWatch watch = redis == null ? null : new RedisWatch(redis.template());
    KafkaMeters meters = new KafkaMeters(watching.registry());
    ShardLanes lanes = new ShardLanes("store", PipelineBench.THREADS);
    Main main = new Main();
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.setDefaultPropertyPlaceholderLocation("false");
    main.setInitialProperties(properties(servers, prefix));
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport started) {
            CamelContext context = started.getCamelContext();
            watching.look(context);
            var beans = context.getRegistry();
            beans.bind(
                "kafkaClients", new HubKafkaClientFactory(topics, new TenantBacklog(), 0, meters));
            beans.bind("kafkaHeaders", new CloudEventHeaderFilter());
            beans.bind("batchReader", new BatchReader(publisher, topics));
            beans.bind("batchFailures", new BatchFailures());
            beans.bind("transformer", transformer);
            beans.bind(
                "entityStore",
                tenants == null
                    ? new NoStore()
                    : new EntityStore(
                        shards,
                        tenants::byId,
                        new EntityCache(redis.template(), watch, CacheObserver.NOBODY),
                        watching.begin(servers, topics, tenants, shards),
                        lanes,
                        watching.traces()));
            beans.bind(
                "batchPublisher",
                new BatchPublisher(publisher, new ErrorQueue(publisher, topics), topics));
          }
        });
    main.start();
    return () -> {
      main.stop();
      lanes.close();
      publisher.close();
      meters.close();
      if (tenants != null) {
        shards.close();
        watch.close();
        redis.close();
      }
      watching.close();
    };
  }

  private static Properties properties(BenchServers servers, String prefix) throws Exception {
    Properties properties = new Properties();
    try (InputStream defaults = HubPipeline.class.getResourceAsStream("/application.properties")) {
      properties.load(defaults);
    }
    properties.setProperty("hub.kafka.brokers", servers.brokers());
    properties.setProperty("hub.topic.prefix", prefix);
    properties.setProperty("hub.transform.consumers", Integer.toString(PipelineBench.THREADS));
    properties.setProperty(
        "camel.main.routesIncludePattern",
        "file:routes/0-policies.camel.yaml,file:routes/2-transform.camel.yaml");
    return properties;
  }
}
