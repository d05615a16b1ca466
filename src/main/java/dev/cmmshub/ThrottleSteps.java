package dev.cmmshub;

import dev.cmmshub.gateway.Throttle;
import dev.cmmshub.gateway.throttle.Limiter;
import dev.cmmshub.gateway.throttle.RedisBuckets;
import dev.cmmshub.gateway.throttle.Settlement;
import dev.cmmshub.observe.ThrottleMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.spi.Registry;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The part of the composition root that makes the step {@code throttle} of {@code
 * routes/1-gateway}.
 */
record ThrottleSteps(
    HubSettings settings, StringRedisTemplate redis, MeterRegistry registry, Closing closing) {
  void bindTo(Registry beans) {
    ThrottleMetrics metrics = new ThrottleMetrics(registry);
    Limiter limiter = new Limiter(metrics);
    RedisBuckets buckets = new RedisBuckets(redis, settings.text("hub.topic.prefix"));
    closing.add(new Settlement(limiter, buckets, settings.number("hub.nodes"), metrics));
    beans.bind("throttle", new Throttle(limiter));
  }
}
