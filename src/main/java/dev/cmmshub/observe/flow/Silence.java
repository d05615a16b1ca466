package dev.cmmshub.observe.flow;

import dev.cmmshub.store.Flow;
import dev.cmmshub.store.FlowRows;
import dev.cmmshub.tenant.ExpectedFlow;
import dev.cmmshub.tenant.FlowStage;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells which flows of a tenant are silent that should not be. */
final class Silence {
  /** Since when a flow that never had anything is waited for. */
  private final Map<String, Instant> waitedFor = new HashMap<>();

  /**
   * How the flows of a tenant stand.
   *
   * @param states what is known of them
   * @param missed those that are silent where they usually are not
   */
  List<FlowReport> of(
      Tenant tenant, Collection<FlowRows.State> states, Set<Flow> missed, Instant now) {
    List<FlowReport> reports = new ArrayList<>();
    for (ExpectedFlow expected : tenant.flows()) {
      reports.add(told(tenant, expected, states, now));
    }
    for (FlowRows.State state : states) {
      Flow flow = state.flow();
      if (isKnown(tenant, flow.stage(), flow.party())
          && tenant.flows().stream()
              .noneMatch(told -> told.covers(flow.stage(), flow.party(), flow.entity()))) {
        boolean silent = missed.contains(flow) && isThere(tenant, flow.stage(), flow.party());
        reports.add(
            new FlowReport(
                flow,
                Optional.of(state.last()),
                state.last(),
                Optional.empty(),
                silent,
                Optional.empty()));
      }
    }
    return reports;
  }

  private FlowReport told(
      Tenant tenant, ExpectedFlow expected, Collection<FlowRows.State> states, Instant now) {
    Optional<Instant> last =
        states.stream()
            .filter(
                state ->
                    expected.covers(
                        state.flow().stage(), state.flow().party(), state.flow().entity()))
            .map(FlowRows.State::last)
            .max(Instant::compareTo);
    Instant since =
        last.orElseGet(
            () -> waitedFor.computeIfAbsent(tenant.id() + ' ' + expected.name(), name -> now));
    boolean silent =
        isThere(tenant, expected.stage(), expected.party())
            && expected.hours().between(since, now).compareTo(expected.within()) > 0;
    return new FlowReport(
        new Flow(tenant.id(), expected.stage(), expected.party(), expected.entity().orElse("*")),
        last,
        since,
        Optional.of(expected.within()),
        silent,
        Optional.empty());
  }

  private static boolean isKnown(Tenant tenant, FlowStage stage, String party) {
    return stage == FlowStage.APPLIED
        ? tenant.system(party).isPresent()
        : tenant.subscription(party).isPresent();
  }

  /** What is disabled is silent on purpose. */
  private static boolean isThere(Tenant tenant, FlowStage stage, String party) {
    return tenant.enabled()
        && (stage == FlowStage.DELIVERED
            || tenant.system(party).filter(TenantSystem::enabled).isPresent());
  }
}
