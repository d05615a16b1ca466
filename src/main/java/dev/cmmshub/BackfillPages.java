package dev.cmmshub;

import dev.cmmshub.batch.feed.SystemPages;
import dev.cmmshub.batch.feed.UnavailableException;
import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.gateway.poll.PollDefinition;
import dev.cmmshub.gateway.poll.PollFailure;
import dev.cmmshub.gateway.poll.SourcePages;
import dev.cmmshub.tenant.Poll;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/** Asks systems for backfills as polls do, by an instance of the source of its own. */
final class BackfillPages implements SystemPages {
  private static final Duration BUDGET = Duration.ofSeconds(1);

  /** How many failures in a row the pause is for. */
  private static final int USUAL_FAILURES = 3;

  private final CamelContext context;
  private final SourcePages pages;
  private final Budgets budgets;

  BackfillPages(CamelContext context, SourcePages pages, Budgets budgets) {
    this.context = context;
    this.pages = pages;
    this.budgets = budgets;
  }

  @Override
  public Page ask(
      Tenant tenant, TenantSystem system, String resource, UUID job, Map<String, String> ask)
      throws UnavailableException {
    if (!system.address().map(budgets::mayCall).orElse(true)) {
      throw new UnavailableException("the budget of the system is used up for now", BUDGET);
    }
    PollDefinition of = definition(tenant, system, resource);
    Exchange exchange = new DefaultExchange(context);
    try {
      pages.ask(of, of.name() + ".bulk-" + job, ask, exchange);
      dev.cmmshub.gateway.poll.Page page = pages.read(of, ask, exchange);
      return new Page(page.records(), page.changedUntil(), page.next());
    } catch (Exception e) {
      PollFailure failure = PollFailure.of(e);
      if (!failure.mayPass()) {
        throw new IllegalStateException(failure.reason(), e);
      }
      throw new UnavailableException(failure.reason(), failure.pause(USUAL_FAILURES));
    }
  }

  /** With the parameters of its poll, if it is polled too. */
  private static PollDefinition definition(Tenant tenant, TenantSystem system, String resource) {
    Optional<Poll> polled =
        system.polls().stream().filter(poll -> poll.resource().equals(resource)).findFirst();
    return new PollDefinition(
        tenant,
        system,
        polled.orElseGet(() -> new Poll(resource, Duration.ofDays(1), Optional.empty(), Map.of())));
  }
}
