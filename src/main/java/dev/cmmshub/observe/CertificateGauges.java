package dev.cmmshub.observe;

import dev.cmmshub.gateway.tls.PortTls;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;

/**
 * How long the certificates of the hub's own ports still hold, and whether their files are in use.
 */
public final class CertificateGauges {
  private final MeterRegistry registry;
  private final Clock clock;

  public CertificateGauges(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * @param port {@code http} or {@code admin}
   * @param tls without TLS its time is no number, which no alert compares with
   */
  public void show(String port, PortTls tls) {
    Gauge.builder("hub.certificate.expires", tls, this::secondsLeft)
        .tag("port", port)
        .baseUnit("seconds")
        .description("How long the port's certificate still holds; negative when it is over")
        .strongReference(true)
        .register(registry);
    Gauge.builder("hub.certificate.valid", tls, shown -> shown.isValid() ? 1 : 0)
        .tag("port", port)
        .description("1 when the port's certificate files are in use as they are now, else 0")
        .strongReference(true)
        .register(registry);
  }

  private double secondsLeft(PortTls tls) {
    return tls.expires()
        .map(end -> (double) Duration.between(clock.instant(), end).toSeconds())
        .orElse(Double.NaN);
  }
}
