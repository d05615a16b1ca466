package dev.cmmshub;

import dev.cmmshub.gateway.Throttle;
import dev.cmmshub.gateway.throttle.Backlogs;
import dev.cmmshub.gateway.throttle.Limiter;
import dev.cmmshub.gateway.throttle.RedisBuckets;
import dev.cmmshub.gateway.throttle.Settlement;
import dev.cmmshub.observe.ThrottleMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.spi.Registry;

/**
 * The part of the composition root that makes the step {@code throttle} of {@code
 * routes/1-gateway}.
 */
record ThrottleSteps(
    HubSettings settings,
    Steps.Means means,
    Backlogs backlogs,
    MeterRegistry registry,
    Closing closing) {
  /** Returns what knows how much each tenant uses. */
  Limiter bindTo(Registry beans) {
    ThrottleMetrics metrics = new ThrottleMetrics(registry, means.names());
    Limiter limiter = new Limiter(metrics, backlogs::isOver);
    RedisBuckets buckets = new RedisBuckets(means.redis(), settings.text("hub.topic.prefix"));
    closing.add(new Settlement(limiter, buckets, settings.number("hub.nodes"), metrics));
    beans.bind("throttle", new Throttle(limiter));
    return limiter;
  }
}
