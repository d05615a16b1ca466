package dev.cmmshub.tenant;

import java.util.Map;
import java.util.TreeMap;

/**
 * One ERP or CMMS of one tenant.
 *
 * @param parameters what its Kamelets are called with; secrets are resolved, so nothing prints them
 */
public record TenantSystem(
    String name, String connector, boolean enabled, Map<String, Secret> parameters) {
  public TenantSystem {
    parameters = Map.copyOf(new TreeMap<>(parameters));
  }
}
