package dev.cmmshub.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/** The shape of {@code tenants.yaml}; an unknown or misspelt field fails with its line. */
record TenantsDocument(Defaults defaults, Map<String, TenantNode> tenants) {

  record Defaults(LimitsNode limits, RetryNode retry) {}

  record LimitsNode(String maxBody) {}

  record RetryNode(List<String> schedule, String maxAge) {}

  record KeyNode(String id, String sha256, String issue, List<String> can) {}

  record SystemNode(String connector, Boolean enabled, Map<String, String> parameters) {}

  record SubscriptionNode(
      @JsonProperty(required = true) String to,
      @JsonProperty(required = true) List<String> events,
      String secret) {}

  record TenantNode(
      Boolean enabled,
      List<KeyNode> keys,
      Map<String, SystemNode> systems,
      List<SubscriptionNode> subscriptions,
      Map<String, String> mappings,
      RetryNode retry,
      LimitsNode limits,
      String shard) {}
}
