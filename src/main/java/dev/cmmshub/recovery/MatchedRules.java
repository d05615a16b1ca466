package dev.cmmshub.recovery;

import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ErrorRule;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.Tenant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the error rule that a failed delivery names, in the connector of the system it was for. */
public final class MatchedRules {
  private final Function<String, Optional<Tenant>> tenants;
  private final Map<String, Connector> connectors;

  public MatchedRules(
      Function<String, Optional<Tenant>> tenants, Map<String, Connector> connectors) {
    this.tenants = tenants;
    this.connectors = connectors;
  }

  /** Empty as well when tenant, subscription, system or rule are not there any more. */
  public Optional<ErrorRule> of(FailedEvent failed) {
    Failure failure = failed.failure();
    if (failure.rule() == null || failure.subscription() == null) {
      return Optional.empty();
    }
    return tenants
        .apply(failed.event().key().tenant())
        .flatMap(
            tenant ->
                tenant
                    .subscription(failure.subscription())
                    .flatMap(subscription -> tenant.system(subscription.to())))
        .flatMap(system -> Optional.ofNullable(connectors.get(system.connector())))
        .flatMap(connector -> connector.errors().named(failure.rule()));
  }
}
