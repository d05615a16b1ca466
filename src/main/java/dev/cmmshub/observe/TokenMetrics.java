package dev.cmmshub.observe;

import dev.cmmshub.gateway.token.TokenObserver;
import dev.cmmshub.gateway.token.TokenRefusedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts tokens that were refused, by why; callers are not told. */
public final class TokenMetrics implements TokenObserver {
  private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

  public TokenMetrics(MeterRegistry registry) {
    // There from the start, so that a first refusal is a rise.
    for (Reason reason : Reason.values()) {
      refused.put(reason, registry.counter("hub.token.refused", "reason", reason.text()));
    }
  }

  @Override
  public void refused(Reason reason) {
    refused.get(reason).increment();
  }
}
