package dev.cmmshub;

import dev.cmmshub.batch.BulkPace;
import dev.cmmshub.broker.BatchFailures;
import dev.cmmshub.broker.BatchPublisher;
import dev.cmmshub.broker.BatchReader;
import dev.cmmshub.broker.CloudEventHeaderFilter;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.HubKafkaClientFactory;
import dev.cmmshub.broker.KafkaMeters;
import dev.cmmshub.broker.TenantBacklog;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.HttpEgress;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.gateway.EventIngress;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.gateway.poll.SourcePages;
import dev.cmmshub.gateway.throttle.Backlogs;
import dev.cmmshub.gateway.throttle.Limiter;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.Json;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.observe.CacheMetrics;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.observe.TenantBacklogGauges;
import dev.cmmshub.observe.TenantNames;
import dev.cmmshub.recovery.ErrorJudge;
import dev.cmmshub.recovery.MatchedRules;
import dev.cmmshub.recovery.RetryService;
import dev.cmmshub.recovery.TransformStage;
import dev.cmmshub.recovery.Verdicts;
import dev.cmmshub.recovery.letter.Rehearsals;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.EntityStore;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.RedisWatch;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.Traces;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCache;
import dev.cmmshub.transform.Transformer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The other half of the composition root: makes the steps that routes name, and binds them. */
final class Steps {
  /** What the steps work with. */
  record Means(
      Supplier<Tenants> tenants,
      Map<String, Connector> connectors,
      Shards shards,
      EventPublisher publisher,
      Topics topics,
      StringRedisTemplate redis,
      Vertx vertx,
      Targets targets,
      TenantBacklog backlog,
      GoneSubscriptions gone,
      Egress egress,
      Traces traces,
      TenantNames names,
      KafkaMeters kafka) {
    Function<String, Optional<Tenant>> byId() {
      return id -> tenants.get().byId(id);
    }
  }

  private final HubSettings settings;
  private final Means means;
  private final MeterRegistry registry;
  private final PassageHub passages;
  private final Clock clock;
  private final Closing closing;
  private final MappingCache mappings = new MappingCache(FunctionLibrary.load());
  private final CanonicalSchemas schemas = new CanonicalSchemas();
  private final Rehearsals rehearsals = new Rehearsals();
  private final ErrorQueue errors;
  private final RedisWatch watch;
  private final CodeTables codes;
  private final EntityCache cache;
  private final RetryService retries;
  private Limiter limiter;

  Steps(
      HubSettings settings,
      Means means,
      MeterRegistry registry,
      PassageHub passages,
      Clock clock,
      Closing closing) {
    this.settings = settings;
    this.means = means;
    this.registry = registry;
    this.passages = passages;
    this.clock = clock;
    this.closing = closing;
    this.codes = new CodeTables(means.connectors());
    this.errors = new ErrorQueue(means.publisher(), means.topics());
    this.watch = closing.add(new RedisWatch(means.redis()));
    this.cache = new EntityCache(means.redis(), watch, new CacheMetrics(registry));
    this.retries = new RetryService(means.tenants(), means.shards(), means.gone(), means.traces());
  }

  /** Before any route is read. */
  void bindTo(CamelContext context) {
    Registry beans = context.getRegistry();
    beans.bind("metricsRegistry", registry);
    for (Shard shard : means.shards().all()) {
      beans.bind("shard-" + shard.name(), shard.dataSource());
    }
    KameletParameters kamelets =
        new KameletParameters(context, new HttpEgress(context, means.egress()));
    EventReader reader = new EventReader(means.connectors(), mappings, clock);
    bindBroker(beans);
    Backlogs backlogs =
        closing.add(
            new Backlogs(
                means.backlog()::now,
                means.redis(),
                means.topics().prefix(),
                settings.node(),
                new TenantBacklogGauges(registry)));
    Budgets budgets =
        closing.add(new Budgets(means.tenants(), settings.number("hub.nodes"), clock));
    limiter = new ThrottleSteps(settings, means, backlogs, registry, closing).bindTo(beans);
    EventIngress ingress =
        new GatewaySteps(settings, means, registry, passages, clock, closing)
            .bindTo(beans, reader, cache, watch);
    SourcePages pages =
        new PollSteps(
                settings,
                means,
                mappings,
                registry,
                clock,
                errors,
                retries,
                rehearsals,
                backlogs,
                budgets,
                closing)
            .bindTo(context, kamelets, reader, ingress);
    Transformer transformer = bindTransform(beans);
    BulkPace pace =
        new BulkSteps(settings, means, registry, clock, closing)
            .bindTo(beans, reader, transformer, cache, new BackfillPages(context, pages, budgets));
    passages.add(new LiveEvents(pace));
    new NotifySteps(
            settings, means, passages, mappings, codes, schemas, errors, budgets, clock, closing)
        .bindTo(context, kamelets, retries, rehearsals);
    bindRecovery(beans);
    schedule().bindTo(beans);
  }

  /** What has to do with loads that come again. */
  ScheduleSteps schedule() {
    return new ScheduleSteps(settings, means, registry, clock, closing);
  }

  private void bindBroker(Registry beans) {
    beans.bind(
        "kafkaClients",
        new HubKafkaClientFactory(
            means.topics(), means.backlog(), settings.number("hub.topic.spread"), means.kafka()));
    beans.bind("kafkaCallbacks", ImmediateEventExecutor.INSTANCE);
    beans.bind("kafkaHeaders", new CloudEventHeaderFilter());
    beans.bind("batchReader", new BatchReader(means.publisher(), means.topics()));
    beans.bind("batchFailures", new BatchFailures());
    beans.bind("batchPublisher", new BatchPublisher(means.publisher(), errors, means.topics()));
  }

  /** What knows how much each tenant uses, once bound. */
  Limiter limiter() {
    return limiter;
  }

  /** How the steps are tried out. */
  Rehearsals rehearsals() {
    return rehearsals;
  }

  private Transformer bindTransform(Registry beans) {
    TenantMappings own = new TenantMappings(means.connectors(), codes);
    Transformer transformer =
        new Transformer(means.byId(), own, mappings::get, schemas, means.traces());
    Transformer rehearsal =
        new Transformer(means.byId(), own, mappings::fresh, schemas, Traces.OFF);
    rehearsals.register(
        Waiting.TRANSFORM, waiting -> Json.read(rehearsal.translate(waiting.event()).data()));
    ShardLanes lanes = lanes("store", settings.number("hub.transform.consumers"));
    EntityStore store =
        new EntityStore(
            means.shards(), means.byId(), cache, passages::stored, lanes, means.traces());
    beans.bind("transformer", transformer);
    beans.bind("entityStore", store);
    retries.register(
        Waiting.TRANSFORM,
        new TransformStage(
            transformer, store, means.publisher(), errors, means.topics(), retries::runDue));
    return transformer;
  }

  private ShardLanes lanes(String step, int consumers) {
    return closing.add(new ShardLanes(step, consumers));
  }

  private void bindRecovery(Registry beans) {
    beans.bind("retryService", closing.add(retries));
    beans.bind(
        "errorJudge",
        new ErrorJudge(
            new Verdicts(new MatchedRules(means.byId(), means.connectors())::of),
            means.byId(),
            means.shards(),
            errors,
            passages::judged,
            retries::runDue,
            lanes("judge", 1),
            means.traces()));
  }
}
