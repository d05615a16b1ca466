package dev.cmmshub.tenant;

import java.time.Duration;
import java.util.Optional;

/**
 * Traffic that a tenant is told to have.
 *
 * @param party a system of the tenant's when applied, a subscription when delivered
 * @param entity which objects; empty: any
 * @param within the longest silence that is right, of the time within {@code hours}
 */
public record ExpectedFlow(
    FlowStage stage, String party, Optional<String> entity, Duration within, WorkingHours hours) {
  /** As it is called in plans and reports. */
  public String name() {
    return (stage == FlowStage.APPLIED ? "from " : "to ") + party + '/' + entity.orElse("*");
  }

  /** Whether an event of such an object counts. */
  public boolean covers(FlowStage other, String otherParty, String otherEntity) {
    return stage == other
        && party.equals(otherParty)
        && entity.map(otherEntity::equals).orElse(true);
  }
}
