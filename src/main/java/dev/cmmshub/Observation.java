package dev.cmmshub;

import dev.cmmshub.broker.WaitingRecords;
import dev.cmmshub.gateway.throttle.Limiter;
import dev.cmmshub.observe.AdminServer;
import dev.cmmshub.observe.BacklogGauges;
import dev.cmmshub.observe.ConfigurationApi;
import dev.cmmshub.observe.ConfigurationGauges;
import dev.cmmshub.observe.FlowApi;
import dev.cmmshub.observe.FlowGauges;
import dev.cmmshub.observe.Health;
import dev.cmmshub.observe.KeyGauges;
import dev.cmmshub.observe.LagGauges;
import dev.cmmshub.observe.LimitWarnings;
import dev.cmmshub.observe.Nodes;
import dev.cmmshub.observe.ServerGauges;
import dev.cmmshub.observe.SubscriptionGauges;
import dev.cmmshub.observe.flow.SilenceWatch;
import dev.cmmshub.recovery.Backlog;
import dev.cmmshub.recovery.ConfigurationChanges;
import dev.cmmshub.recovery.ConfigurationPlan;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.yaml.Watched;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import org.apache.camel.CamelContext;

/** The part of the composition root that looks at a hub that runs: gauges, administration. */
record Observation(
    HubSettings settings,
    Backends backends,
    Hub.Files files,
    Steps.Means means,
    PrometheusMeterRegistry registry,
    TlsPorts ports,
    Clock clock,
    Closing closing) {

  void start(CamelContext context, Steps steps) {
    Watched<Tenants> tenants = files.tenants();
    Shards shards = means.shards();
    Backlog backlog = new Backlog(tenants, shards);
    gauges(backlog);
    SilenceWatch silences = closing.add(new SilenceWatch(tenants, shards, clock));
    silences.start();
    closing.add(new FlowGauges(registry, silences, clock, means.names().most())).start();
    Health health =
        closing.add(
            new Health(
                context,
                backends.kafkaBrokers(),
                shards,
                means.redis(),
                files.byName(),
                ports.all()));
    closing.add(new ServerGauges(registry, health)).start();
    closing.add(
        AdminServer.start(
            means.vertx(),
            settings.text("hub.admin.host"),
            settings.number("hub.admin.port"),
            ports.of("admin", means.vertx()),
            health,
            registry,
            files.admins(),
            new Administration(
                    tenants,
                    shards,
                    steps.rehearsals(),
                    means.gone(),
                    clock,
                    configuration(backlog, steps.limiter()),
                    new FlowApi(tenants, silences))
                .routes()));
  }

  private void gauges(Backlog backlog) {
    int most = means.names().most();
    BacklogGauges gauges =
        closing.add(new BacklogGauges(registry, means.shards(), backlog, means.targets(), most));
    JvmMeters.bindTo(registry);
    gauges.start();
    closing.add(new LagGauges(registry, backends.kafkaBrokers(), means.topics(), clock)).start();
    closing.add(new SubscriptionGauges(registry, files.tenants(), means.gone(), most)).start();
    closing.add(new KeyGauges(registry, files.tenants(), clock, most)).start();
    files.byName().forEach(new ConfigurationGauges(registry)::show);
  }

  private ConfigurationApi configuration(Backlog backlog, Limiter limiter) {
    Watched<Tenants> tenants = files.tenants();
    Nodes nodes =
        closing.add(new Nodes(means.redis(), means.topics().prefix(), settings.node(), tenants));
    nodes.start();
    return new ConfigurationApi(
        tenants,
        nodes,
        new ConfigurationPlan(
            means.shards(), backlog, new WaitingRecords(backends.kafkaBrokers()), means.topics()),
        new LimitWarnings(limiter::peak, settings.number("hub.nodes")),
        new ConfigurationChanges(tenants, files.desk(), means.shards()));
  }
}
