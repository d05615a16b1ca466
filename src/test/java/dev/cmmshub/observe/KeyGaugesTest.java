package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which keys' ends are told. */
class KeyGaugesTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

  private static ApiKey key(String id, Duration left) {
    return new ApiKey(
        id, KeyHash.of(id), ApiKey.USUAL, Optional.of(NOW.plus(left)), Optional.empty());
  }

  @Test
  void onlyKeysWhoseEndIsNearAreTold() {
    Tenants tenants =
        new Tenants(
            List.of(
                new Tenant(
                    "acme",
                    true,
                    List.of(
                        new ApiKey("always", KeyHash.of("always"), ApiKey.USUAL),
                        key("soon", Duration.ofDays(3)),
                        key("over", Duration.ofHours(-1)),
                        key("later", Duration.ofDays(31)),
                        key("long-over", Duration.ofDays(-31))),
                    Map.of(),
                    List.of(),
                    Map.of(),
                    RetryPolicy.DEFAULT,
                    Limits.DEFAULT,
                    List.of(),
                    Optional.empty())));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (KeyGauges gauges =
        new KeyGauges(registry, () -> tenants, Clock.fixed(NOW, ZoneOffset.UTC), 10)) {
      gauges.measure();
    }
    assertThat(registry.find("hub.key.expires").gauges())
        .extracting(gauge -> gauge.getId().getTag("key"))
        .containsExactlyInAnyOrder("soon", "over");
    Gauge soon = registry.get("hub.key.expires").tags("tenant", "acme", "key", "soon").gauge();
    assertThat(soon.value()).isEqualTo(259_200);
    assertThat(registry.get("hub.key.expires").tag("key", "over").gauge().value()).isEqualTo(-3600);
  }
}
