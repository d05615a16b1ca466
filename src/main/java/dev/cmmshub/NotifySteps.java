package dev.cmmshub;

import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.IdleEnding;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.notifier.Budgeted;
import dev.cmmshub.notifier.DeliveryPreview;
import dev.cmmshub.notifier.DeliveryRecorder;
import dev.cmmshub.notifier.GoneReceivers;
import dev.cmmshub.notifier.HookAddresses;
import dev.cmmshub.notifier.Notifier;
import dev.cmmshub.notifier.Observers;
import dev.cmmshub.notifier.Sender;
import dev.cmmshub.notifier.SystemFailures;
import dev.cmmshub.notifier.SystemLookups;
import dev.cmmshub.notifier.SystemRequests;
import dev.cmmshub.notifier.SystemSender;
import dev.cmmshub.notifier.WebhookSender;
import dev.cmmshub.observe.PassageHub;
import dev.cmmshub.recovery.RetryService;
import dev.cmmshub.recovery.letter.Rehearsals;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.transform.MappingCache;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The part of the composition root that makes the steps of {@code routes/3-notify}. */
record NotifySteps(
    HubSettings settings,
    Steps.Means means,
    PassageHub passages,
    MappingCache mappings,
    CodeTables codes,
    CanonicalSchemas schemas,
    ErrorQueue errors,
    Budgets budgets,
    Clock clock,
    Closing closing) {

  void bindTo(
      CamelContext context,
      KameletParameters kamelets,
      RetryService retries,
      Rehearsals rehearsals) {
    Registry beans = context.getRegistry();
    DeliveryLog log = new DeliveryLog();
    SystemFailures failures = new SystemFailures(means.connectors());
    HookAddresses addresses = closing.add(new HookAddresses(means.egress()));
    WebhookSender webhooks = closing.add(new WebhookSender(means.vertx(), addresses, clock));
    Notifier notifier =
        new Notifier(
            means.byId(),
            means.targets(),
            budgeted(new GoneReceivers(webhooks, means.gone())),
            budgeted(
                closing.add(
                    new SystemSender(context.createProducerTemplate(), failures, means.traces()))),
            closing.add(new DeliveryRecorder(means.shards(), log, retries::runDue)),
            errors,
            passages);
    ShardLanes lanes =
        closing.add(new ShardLanes("admit", settings.number("hub.notify.consumers")));
    beans.bind(
        "observers", new Observers(means.byId(), means.shards(), log, lanes, means.traces()));
    beans.bind("notifier", notifier);
    beans.bind("systemFailures", failures);
    SystemSinks sinks = new SystemSinks(context, kamelets, means.connectors());
    closing.add(
        new IdleEnding(
            settings.duration("hub.instances.idle"),
            idle -> sinks.endUnused(means.tenants().get(), idle)));
    beans.bind(
        "systemRequests",
        new SystemRequests(means.connectors(), codes, mappings::get, sinks, failures));
    beans.bind(
        "systemLookups",
        new SystemLookups(means.connectors(), codes, mappings::get, sinks, failures, clock));
    DeliveryPreview preview =
        new DeliveryPreview(
            means.byId(),
            new SystemRequests(means.connectors(), codes, mappings::fresh, sinks, failures),
            schemas);
    rehearsals.register(
        Waiting.DELIVER, waiting -> preview.of(waiting.event(), waiting.failure().subscription()));
    retries.register(Waiting.DELIVER, (shard, due) -> notifier.redeliver(due));
  }

  private Budgeted budgeted(Sender sender) {
    return new Budgeted(sender, budgets, means.byId());
  }
}
