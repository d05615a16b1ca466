package dev.cmmshub;

import dev.cmmshub.batch.schedule.BatchDesk;
import dev.cmmshub.observe.AdminRoutes;
import dev.cmmshub.observe.AuditApi;
import dev.cmmshub.observe.BatchApi;
import dev.cmmshub.observe.ConfigurationApi;
import dev.cmmshub.observe.DeadLetterActionApi;
import dev.cmmshub.observe.DeadLetterApi;
import dev.cmmshub.observe.EventApi;
import dev.cmmshub.observe.FlowApi;
import dev.cmmshub.observe.SubscriptionApi;
import dev.cmmshub.recovery.SubscriptionStates;
import dev.cmmshub.recovery.letter.LetterDiscards;
import dev.cmmshub.recovery.letter.LetterEdits;
import dev.cmmshub.recovery.letter.LetterReplays;
import dev.cmmshub.recovery.letter.LetterViews;
import dev.cmmshub.recovery.letter.Letters;
import dev.cmmshub.recovery.letter.ParkedRequeue;
import dev.cmmshub.recovery.letter.Rehearsals;
import dev.cmmshub.recovery.letter.ReplayRuns;
import dev.cmmshub.store.AuditTrail;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.event.EventFinder;
import dev.cmmshub.store.event.Passports;
import dev.cmmshub.tenant.Tenants;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** The part of the composition root that is for operators. */
final class Administration {
  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final Rehearsals rehearsals;
  private final GoneSubscriptions gone;
  private final Clock clock;
  private final ConfigurationApi configuration;
  private final FlowApi flows;

  Administration(
      Supplier<Tenants> tenants,
      Shards shards,
      Rehearsals rehearsals,
      GoneSubscriptions gone,
      Clock clock,
      ConfigurationApi configuration,
      FlowApi flows) {
    this.tenants = tenants;
    this.shards = shards;
    this.rehearsals = rehearsals;
    this.gone = gone;
    this.clock = clock;
    this.configuration = configuration;
    this.flows = flows;
  }

  /** What the administration port offers beside health and metrics. */
  List<AdminRoutes> routes() {
    Letters letters = new Letters(tenants, shards);
    ReplayRuns runs = new ReplayRuns(letters);
    LetterReplays replays =
        new LetterReplays(letters, runs, new ParkedRequeue(id -> tenants.get().byId(id)), clock);
    return List.of(
        new DeadLetterApi(
            letters,
            new LetterViews(letters, rehearsals),
            new LetterEdits(letters, rehearsals),
            clock),
        new DeadLetterActionApi(letters, replays, runs, new LetterDiscards(letters), clock),
        new SubscriptionApi(new SubscriptionStates(tenants, shards, gone)),
        configuration,
        flows,
        new BatchApi(new BatchDesk(tenants, shards, clock)),
        new EventApi(
            tenants, new EventFinder(tenants, shards), new Passports(tenants, shards), clock),
        new AuditApi(tenants, new AuditTrail(tenants, shards)));
  }
}
