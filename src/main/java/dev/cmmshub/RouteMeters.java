package dev.cmmshub;

import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;

/** Camel's own meters, by route. */
public final class RouteMeters {
  private RouteMeters() {}

  /**
   * They format several names an exchange: posts, which are told one by one and counted by the
   * hub's own meters, go without.
   */
  public static MicrometerRoutePolicyFactory factory() {
    MicrometerRoutePolicyConfiguration configuration = new MicrometerRoutePolicyConfiguration();
    configuration.setContextEnabled(false);
    configuration.setExcludePattern("gateway-event,gateway-soap,inbound");
    MicrometerRoutePolicyFactory factory = new MicrometerRoutePolicyFactory();
    factory.setPolicyConfiguration(configuration);
    return factory;
  }
}
