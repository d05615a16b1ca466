package dev.cmmshub.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/** The shape of {@code tenants.yaml}; an unknown or misspelt field fails with its line. */
record TenantsDocument(Defaults defaults, Map<String, TenantNode> tenants) {
  TenantsDocument {
    requireValues("tenants", tenants);
  }

  record Defaults(LimitsNode limits, RetryNode retry) {}

  record LimitsNode(String maxBody) {}

  record RetryNode(List<String> schedule, String maxAge) {
    RetryNode {
      require("schedule", schedule != null && schedule.contains(null) ? null : "given");
    }
  }

  record KeyNode(String id, String sha256, String issue, List<String> can) {}

  record SystemNode(
      String connector, Boolean enabled, Map<String, String> parameters, List<PollNode> poll) {
    SystemNode {
      requireValues("parameters", parameters);
      require("poll", poll != null && poll.contains(null) ? null : "given");
    }
  }

  record PollNode(String resource, String every, String since, Map<String, String> parameters) {
    PollNode {
      require("resource", resource);
      require("every", every);
      requireValues("parameters", parameters);
    }
  }

  record SubscriptionNode(
      String id,
      @JsonProperty(required = true) String to,
      @JsonProperty(required = true) List<String> events,
      DeliveryOrder order,
      String secret) {
    SubscriptionNode {
      require("to", to);
      require("events", events);
      require("events", events.isEmpty() || events.contains(null) ? null : events);
    }
  }

  record TenantNode(
      Boolean enabled,
      List<KeyNode> keys,
      Map<String, SystemNode> systems,
      List<SubscriptionNode> subscriptions,
      Map<String, String> mappings,
      RetryNode retry,
      LimitsNode limits,
      String shard) {
    TenantNode {
      require("keys", keys != null && keys.contains(null) ? null : "given");
      requireValues("systems", systems);
      require("subscriptions", subscriptions != null && subscriptions.contains(null) ? null : "");
      requireValues("mappings", mappings);
    }
  }

  private static void requireValues(String field, Map<String, ?> values) {
    if (values != null) {
      values.forEach((name, value) -> require(field + "." + name, value));
    }
  }

  /** Thrown while the file is being read, so that the reader knows the place. */
  private static void require(String field, Object value) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": expected a value");
    }
  }
}
