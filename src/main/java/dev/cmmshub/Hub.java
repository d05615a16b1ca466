package dev.cmmshub;

import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.KafkaMeters;
import dev.cmmshub.broker.TenantBacklog;
import dev.cmmshub.broker.TopicCreator;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.egress.Allowances;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.gateway.HookGateway;
import dev.cmmshub.gateway.Uploads;
import dev.cmmshub.gateway.WebServer;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.observe.EgressMetrics;
import dev.cmmshub.observe.EventLog;
import dev.cmmshub.observe.FlowPassages;
import dev.cmmshub.observe.Metrics;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.observe.Passages;
import dev.cmmshub.observe.TenantNames;
import dev.cmmshub.observe.access.Admins;
import dev.cmmshub.observe.flow.FlowRecorder;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.trace.Traces;
import dev.cmmshub.yaml.Watched;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * One hub in this process. Everything is made in {@link #start}, in the order it is needed, and
 * ended in {@link #close} in the opposite order.
 */
public final class Hub implements AutoCloseable {
  /**
   * What people write for a hub.
   *
   * @param tenants gives the version of {@code tenants.yaml} that is in use
   * @param desk where admins put another one in its place
   * @param admins gives who may use the administration port
   */
  public record Files(Watched<Tenants> tenants, TenantsDesk desk, Watched<Admins> admins) {
    Map<String, Watched<?>> byName() {
      return Map.of("tenants", tenants, "admins", admins);
    }
  }

  private final HubSettings settings;
  private final Backends backends;
  private final Watched<Tenants> tenants;
  private final Files files;
  private final Map<String, Connector> connectors;
  private final Clock clock = Clock.systemUTC();
  private final Closing closing = new Closing();
  private final Traces traces;
  private final PrometheusMeterRegistry registry;
  private final TenantNames names;
  private final KafkaMeters kafka;
  private final PassageHub passages;
  private final TlsPorts ports;

  private Hub(
      HubSettings settings,
      Backends backends,
      Files files,
      Map<String, Connector> connectors,
      List<Passages> listeners) {
    this.settings = settings;
    this.backends = backends;
    this.tenants = files.tenants();
    this.files = files;
    this.connectors = connectors;
    TraceSteps tracing = new TraceSteps(settings, closing);
    this.traces = tracing.traces();
    this.registry = tracing.registry();
    this.kafka = closing.add(new KafkaMeters(registry));
    tracing.tellOn(registry);
    this.ports = new TlsPorts(settings, registry, clock, closing);
    this.names =
        new TenantNames(
            settings.number("hub.metrics.tenants"), settings.list("hub.metrics.tenants.first"));
    this.passages = new PassageHub(new Metrics(registry, clock, names), listeners, traces);
    passages.add(new EventLog());
  }

  /**
   * Returns when the hub serves. If anything does not start, all that did is closed again.
   *
   * @param listeners hear of each event's way
   */
  public static Hub start(
      HubSettings settings,
      Backends backends,
      Files files,
      Map<String, Connector> connectors,
      List<Passages> listeners) {
    Hub hub = new Hub(settings, backends, files, connectors, listeners);
    try {
      hub.start();
      return hub;
    } catch (RuntimeException | Error e) {
      hub.close();
      throw e;
    }
  }

  private void start() {
    Egress egress = egress();
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
    Shards shards = closing.add(new Shards(backends.shards(), registry));
    tenants.get().all().forEach(shards::of);
    FlowRecorder flows = closing.add(new FlowRecorder(tenants, shards, clock));
    passages.add(new FlowPassages(flows));
    flows.start();
    EventPublisher publisher =
        closing.add(
            new EventPublisher(
                backends.kafkaBrokers(), largest, settings.number("hub.topic.spread"), traces));
    publisher.tell(kafka);
    StringRedisTemplate redis = closing.add(new RedisConnection(backends)).template();
    Vertx vertx = vertx();
    WebServer web =
        new WebServer(
            vertx,
            settings.text("hub.http.host"),
            settings.number("hub.http.port"),
            settings.number("hub.http.connections"),
            ports.of("http", vertx));
    new ContractSteps(settings, topics, clock).tellOn(web);
    GoneSubscriptions gone =
        new GoneSubscriptions(tenants, shards, closing.add(new ShardLanes("gone", 1)));
    gone.load();
    Steps.Means means =
        new Steps.Means(
            tenants,
            connectors,
            shards,
            publisher,
            topics,
            redis,
            vertx,
            new Targets(),
            new TenantBacklog(),
            gone,
            egress,
            traces,
            names,
            kafka);
    Steps steps = new Steps(settings, means, registry, passages, clock, closing);
    Uploads uploads = new Uploads(settings.number("hub.bulk.uploads"));
    CamelHub camel =
        closing.add(
            new CamelHub(
                settings,
                backends,
                context -> {
                  steps.bindTo(context);
                  web.offerTo(context, HookGateway.headers(connectors.values()), uploads);
                }));
    CamelContext context = camel.start();
    // Its routes' end would wait for them.
    closing.add(uploads);
    closing.add(web);
    web.start();
    new Observation(settings, backends, files, means, registry, ports, clock, closing)
        .start(context, steps);
    steps.schedule().start();
  }

  private Egress egress() {
    return new Egress(
        Allowances.of(settings.all().getProperty(Allowances.SETTING, "")),
        InetAddress::getAllByName,
        new EgressMetrics(registry, names));
  }

  private Vertx vertx() {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(settings.number("hub.http.workers"))
                .setPreferNativeTransport(false));
    closing.add(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    return vertx;
  }

  /** Stops taking requests, drains what is in flight, and closes everything within 4 s. */
  @Override
  public void close() {
    closing.close();
  }
}
