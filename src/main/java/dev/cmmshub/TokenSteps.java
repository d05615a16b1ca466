package dev.cmmshub;

import dev.cmmshub.gateway.token.SigningKeys;
import dev.cmmshub.gateway.token.Tokens;
import dev.cmmshub.gateway.token.VerifiedTokens;
import dev.cmmshub.observe.TokenMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;

/** The part of the composition root that makes what checks tokens. */
record TokenSteps(
    HubSettings settings, Steps.Means means, MeterRegistry registry, Clock clock, Closing closing) {
  Tokens tokens() {
    SigningKeys keys =
        closing.add(
            new SigningKeys(
                means.tenants(),
                means.vertx(),
                means.egress(),
                Duration.ofSeconds(settings.number("hub.tokens.refreshSeconds")),
                Duration.ofSeconds(settings.number("hub.tokens.unknownKeySeconds"))));
    keys.start();
    return new VerifiedTokens(keys, new TokenMetrics(registry), clock);
  }
}
