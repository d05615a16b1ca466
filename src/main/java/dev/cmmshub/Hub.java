package dev.cmmshub;

import dev.cmmshub.broker.BatchFailures;
import dev.cmmshub.broker.BatchPublisher;
import dev.cmmshub.broker.BatchReader;
import dev.cmmshub.broker.CloudEventHeaderFilter;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.HubKafkaClientFactory;
import dev.cmmshub.broker.TopicCreator;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.Direction;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.gateway.AcceptedEvents;
import dev.cmmshub.gateway.Credentials;
import dev.cmmshub.gateway.EntityReader;
import dev.cmmshub.gateway.EventHistory;
import dev.cmmshub.gateway.EventIngress;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.gateway.Ingress;
import dev.cmmshub.gateway.OpenApi;
import dev.cmmshub.gateway.Problems;
import dev.cmmshub.gateway.SoapGateway;
import dev.cmmshub.gateway.WebServer;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.notifier.DeliveryRecorder;
import dev.cmmshub.notifier.Notifier;
import dev.cmmshub.notifier.Observers;
import dev.cmmshub.notifier.SystemFailures;
import dev.cmmshub.notifier.SystemRequests;
import dev.cmmshub.notifier.SystemSender;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.notifier.WebhookSender;
import dev.cmmshub.observe.AdminServer;
import dev.cmmshub.observe.BacklogGauges;
import dev.cmmshub.observe.Health;
import dev.cmmshub.observe.Metrics;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.observe.Passages;
import dev.cmmshub.recovery.DeadLetters;
import dev.cmmshub.recovery.ErrorJudge;
import dev.cmmshub.recovery.RetryService;
import dev.cmmshub.recovery.Verdicts;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.EntityStore;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.MappingLocator;
import dev.cmmshub.transform.Transformer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * One hub in this process. Everything is made in {@link #start}, in the order it is needed, and
 * ended in {@link #close} in the opposite order.
 */
public final class Hub implements AutoCloseable {
  private final HubSettings settings;
  private final Backends backends;
  private final Tenants tenants;
  private final Map<String, Connector> connectors;
  private final Clock clock = Clock.systemUTC();
  private final Closing closing = new Closing();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PassageHub passages;
  private final MappingCache mappings = new MappingCache(FunctionLibrary.load());
  private Shards shards;

  private Hub(
      HubSettings settings,
      Backends backends,
      Tenants tenants,
      Map<String, Connector> connectors,
      List<Passages> listeners) {
    this.settings = settings;
    this.backends = backends;
    this.tenants = tenants;
    this.connectors = connectors;
    this.passages = new PassageHub(new Metrics(registry, clock), listeners);
  }

  /**
   * Returns when the hub serves. If anything does not start, all that did is closed again.
   *
   * @param listeners hear of each event's way
   */
  public static Hub start(
      HubSettings settings,
      Backends backends,
      Tenants tenants,
      Map<String, Connector> connectors,
      List<Passages> listeners) {
    Hub hub = new Hub(settings, backends, tenants, connectors, listeners);
    try {
      hub.start();
      return hub;
    } catch (RuntimeException | Error e) {
      hub.close();
      throw e;
    }
  }

  private void start() {
    Topics topics = new Topics(settings.text("hub.topic.prefix"));
    int largest = settings.number("hub.kafka.largestMessage");
    Startup.inParallel(
        () ->
            new TopicCreator(
                    backends.kafkaBrokers(),
                    settings.number("hub.topic.partitions"),
                    settings.number("hub.topic.replication"),
                    largest)
                .createMissing(topics),
        () -> backends.shards().forEach(new ShardMigration()::migrate));
    shards = closing.add(new Shards(backends.shards(), registry));
    tenants.all().forEach(shards::of);
    EventPublisher publisher = closing.add(new EventPublisher(backends.kafkaBrokers(), largest));
    StringRedisTemplate redis = closing.add(new RedisConnection(backends)).template();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(settings.number("hub.http.workers"))
                .setPreferNativeTransport(false));
    closing.add(() -> vertx.close().toCompletionStage().toCompletableFuture().join());

    WebServer web =
        new WebServer(vertx, settings.text("hub.http.host"), settings.number("hub.http.port"));
    web.describe(OpenApi.json());
    Targets targets = new Targets();
    CamelHub camel =
        closing.add(
            new CamelHub(
                settings,
                backends,
                context -> {
                  bindSteps(context, publisher, topics, redis);
                  bindNotifier(
                      context,
                      new ErrorQueue(publisher, topics),
                      vertx,
                      targets,
                      publisher,
                      topics);
                  web.offerTo(context);
                }));
    CamelContext context = camel.start();
    closing.add(web);
    web.start();
    observe(context, topics, redis, vertx, targets);
  }

  private void bindSteps(
      CamelContext context, EventPublisher publisher, Topics topics, StringRedisTemplate redis) {
    Registry beans = context.getRegistry();
    ErrorQueue errors = new ErrorQueue(publisher, topics);
    EntityCache cache = new EntityCache(redis);
    beans.bind("metricsRegistry", registry);
    beans.bind("kafkaClients", new HubKafkaClientFactory(topics));
    beans.bind("kafkaHeaders", new CloudEventHeaderFilter());
    beans.bind("batchReader", new BatchReader(publisher, topics));
    beans.bind("batchFailures", new BatchFailures());
    beans.bind("batchPublisher", new BatchPublisher(publisher, errors, topics));
    for (Shard shard : shards.all()) {
      beans.bind("shard-" + shard.name(), shard.dataSource());
    }
    bindGateway(beans, cache);
    beans.bind(
        "transformer", new Transformer(tenants::byId, locator(), mappings, new CanonicalSchemas()));
    beans.bind("entityStore", new EntityStore(shards, this::tenant, cache, passages::stored));
    beans.bind(
        "errorJudge",
        new ErrorJudge(
            new Verdicts(clock), tenants::byId, shards, errors, clock, passages::judged));
  }

  private void bindGateway(Registry beans, EntityCache cache) {
    AcceptedEvents accepted = new AcceptedEvents(passages::accepted);
    Credentials credentials = new Credentials(() -> tenants);
    Problems problems = new Problems(passages::rejected);
    beans.bind("ingress", new Ingress());
    beans.bind("credentials", credentials);
    beans.bind(
        "eventIngress", new EventIngress(new EventReader(connectors, mappings, clock), accepted));
    beans.bind("problems", problems);
    beans.bind(
        "soapGateway",
        new SoapGateway(
            credentials,
            problems,
            settings.path("hub.connectors.folder").resolve("generic-soap/maintenance-events.xsd"),
            settings.all().getProperty("hub.http.public-address", "")));
    beans.bind("entityReader", new EntityReader(shards, cache));
    beans.bind("eventHistory", new EventHistory(accepted));
  }

  private void bindNotifier(
      CamelContext context,
      ErrorQueue errors,
      Vertx vertx,
      Targets targets,
      EventPublisher publisher,
      Topics topics) {
    Registry beans = context.getRegistry();
    DeliveryLog log = new DeliveryLog();
    Notifier notifier =
        new Notifier(
            tenants::byId,
            targets,
            closing.add(new WebhookSender(vertx, clock)),
            closing.add(new SystemSender(context.createProducerTemplate())),
            closing.add(new DeliveryRecorder(shards, log)),
            errors,
            passages);
    beans.bind("observers", new Observers(tenants::byId, shards, log));
    beans.bind("notifier", notifier);
    beans.bind("systemFailures", new SystemFailures());
    beans.bind(
        "systemRequests",
        new SystemRequests(connectors, mappings, new SystemSinks(context, connectors)));
    beans.bind(
        "retryService",
        new RetryService(
            () -> tenants,
            shards,
            Map.of(
                "deliver",
                    failed ->
                        notifier.redeliver(
                            failed.event(), failed.failure().subscription(), failed.attempt()),
                // To translate again is to begin again.
                "transform", failed -> publisher.publish(topics.inbound(), failed.event()))));
  }

  private MappingLocator locator() {
    return (tenant, system, entity) ->
        tenant
            .system(system)
            .flatMap(
                found ->
                    Optional.ofNullable(
                            tenant
                                .mappings()
                                .get(system + "/" + entity + "." + Direction.FROM_ERP.text()))
                        .map(Path::of)
                        .or(
                            () ->
                                connectors
                                    .get(found.connector())
                                    .mapping(entity, Direction.FROM_ERP)));
  }

  private Tenant tenant(String id) {
    return tenants.byId(id).orElseThrow();
  }

  private void observe(
      CamelContext context,
      Topics topics,
      StringRedisTemplate redis,
      Vertx vertx,
      Targets targets) {
    DeadLetters deadLetters = new DeadLetters(() -> tenants, shards);
    BacklogGauges gauges =
        closing.add(
            new BacklogGauges(
                registry, backends.kafkaBrokers(), topics, shards, deadLetters, targets));
    JvmMeters.bindTo(registry);
    gauges.start();
    Health health = closing.add(new Health(context, backends.kafkaBrokers(), shards, redis));
    closing.add(
        AdminServer.start(
            vertx,
            settings.text("hub.admin.host"),
            settings.number("hub.admin.port"),
            health,
            registry,
            deadLetters));
  }

  /** Stops taking requests, drains what is in flight, and closes everything within 4 s. */
  @Override
  public void close() {
    closing.close();
  }
}
