package dev.cmmshub.observe.flow;

import dev.cmmshub.store.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a flow stands.
 *
 * @param flow its entity is {@code *} where a tenant is told to have traffic of any
 * @param last when something of it last succeeded; empty: never
 * @param since the same, or since when it is waited for
 * @param within the silence that {@code tenants.yaml} allows; empty: what is usual was learned
 * @param silent whether it should have succeeded by now
 * @param waiting since when the oldest event of a silent flow has been waiting for another try
 */
public record FlowReport(
    Flow flow,
    Optional<Instant> last,
    Instant since,
    Optional<Duration> within,
    boolean silent,
    Optional<Instant> waiting) {
  /** The same, with what waits of it. */
  FlowReport waitingSince(Optional<Instant> oldest) {
    return new FlowReport(flow, last, since, within, silent, oldest);
  }
}
