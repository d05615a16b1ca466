package dev.cmmshub;

import dev.cmmshub.gateway.tls.PortTls;
import dev.cmmshub.observe.CertificateGauges;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The part of the composition root that makes TLS of the hub's own ports. */
final class TlsPorts {
  private final HubSettings settings;
  private final CertificateGauges gauges;
  private final Closing closing;
  private final Map<String, PortTls> ports = new TreeMap<>();

  TlsPorts(HubSettings settings, MeterRegistry registry, Clock clock, Closing closing) {
    this.settings = settings;
    this.gauges = new CertificateGauges(registry, clock);
    this.closing = closing;
  }

  /**
   * @param port {@code http} or {@code admin}
   */
  PortTls of(String port, Vertx vertx) {
    PortTls tls = closing.add(new PortTls(vertx, settings.tls("hub." + port)));
    gauges.show(port, tls);
    ports.put(port, tls);
    return tls;
  }

  /** Those made so far, by name. */
  Map<String, PortTls> all() {
    return Collections.unmodifiableMap(ports);
  }
}
