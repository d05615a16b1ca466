package dev.cmmshub;

import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.connector.IdleEnding;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.connector.SystemSources;
import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.gateway.EventIngress;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.gateway.poll.PageReader;
import dev.cmmshub.gateway.poll.PollProgress;
import dev.cmmshub.gateway.poll.PollRunner;
import dev.cmmshub.gateway.poll.PolledPages;
import dev.cmmshub.gateway.poll.Poller;
import dev.cmmshub.gateway.poll.RecordReader;
import dev.cmmshub.gateway.poll.SourcePages;
import dev.cmmshub.gateway.poll.SteadyClock;
import dev.cmmshub.gateway.poll.Unrecognised;
import dev.cmmshub.gateway.throttle.Backlogs;
import dev.cmmshub.observe.PollMetrics;
import dev.cmmshub.recovery.RetryService;
import dev.cmmshub.recovery.letter.Rehearsals;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.store.Watermarks;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.MappingCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The part of the composition root that makes the steps of {@code routes/1-poll}. */
record PollSteps(
    HubSettings settings,
    Steps.Means means,
    MappingCache mappings,
    MeterRegistry registry,
    Clock clock,
    ErrorQueue errors,
    RetryService retries,
    Rehearsals rehearsals,
    Backlogs backlogs,
    Budgets budgets,
    Closing closing) {

  /** Returns what asks the systems, which backfills share. */
  SourcePages bindTo(
      CamelContext context, KameletParameters kamelets, EventReader reader, EventIngress ingress) {
    Registry beans = context.getRegistry();
    SystemSources sources = new SystemSources(context, kamelets);
    closing.add(new IdleEnding(settings.duration("hub.instances.idle"), sources::endUnused));
    Unrecognised unrecognised =
        new Unrecognised(
            means.byId(), means.shards(), reader, means.publisher(), errors, means.topics());
    retries.register(Waiting.POLL, unrecognised::runAgain);
    rehearsals.register(Waiting.POLL, unrecognised::rehearse);
    PollProgress progress =
        new PollProgress(means.shards(), new Watermarks(UUID.randomUUID()), unrecognised);
    SteadyClock pauses = new SteadyClock(clock);
    PollRunner runner =
        new PollRunner(
            progress,
            context.createProducerTemplate(),
            new PollMetrics(registry, means.names()),
            pauses);
    SourcePages pages = new SourcePages(means.connectors(), sources, new PageReader(mappings));
    beans.bind("pollProgress", progress);
    beans.bind("polledPages", new PolledPages(pages, new RecordReader(reader, clock), ingress));
    beans.bind(
        "poller",
        closing.add(new Poller(means.tenants(), progress, sources, runner, this::isHeld, pauses)));
    return pages;
  }

  private boolean isHeld(Tenant tenant, TenantSystem system) {
    return backlogs.isOver(tenant) || !system.address().map(budgets::mayCall).orElse(true);
  }
}
