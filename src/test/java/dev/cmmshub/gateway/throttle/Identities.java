package dev.cmmshub.gateway.throttle;

import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tenants of which only the limits matter. */
final class Identities {
  private Identities() {}

  static Identity of(String tenant, Limits limits) {
    return of(tenant, limits, new ApiKey("all", KeyHash.of(tenant), ApiKey.RIGHTS));
  }

  static Identity of(String tenant, Limits limits, String key, Limits ofKey) {
    return of(
        tenant,
        limits,
        new ApiKey(key, KeyHash.of(key), ApiKey.RIGHTS, Optional.empty(), Optional.of(ofKey)));
  }

  private static Identity of(String tenant, Limits limits, ApiKey key) {
    return new Identity(
        new Tenant(
            tenant,
            true,
            List.of(key),
            Map.of(),
            List.of(),
            Map.of(),
            RetryPolicy.DEFAULT,
            limits,
            List.of(),
            Optional.empty()),
        key);
  }
}
