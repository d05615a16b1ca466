package dev.cmmshub.tenant;

import dev.cmmshub.message.Names;
import dev.cmmshub.tenant.TenantsDocument.KeyNode;
import dev.cmmshub.tenant.TenantsDocument.LimitsNode;
import dev.cmmshub.tenant.TenantsDocument.RetryNode;
import dev.cmmshub.tenant.TenantsDocument.SubscriptionNode;
import dev.cmmshub.tenant.TenantsDocument.TenantNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Builds tenants from the parsed file: defaults, secret references, issued keys. */
public final class TenantsBuilder {
  private static final long DEFAULT_MAX_BODY = 2L << 20;

  private final IssuedKeys issuedKeys;
  private final SystemsBuilder systems;
  private final SubscriptionsBuilder subscriptions;

  /**
   * @param environment where <code>{{env:NAME}}</code> is looked up
   * @param connectors names a system may use, each with what it takes
   */
  public TenantsBuilder(
      Map<String, String> environment, IssuedKeys issuedKeys, Map<String, SystemKind> connectors) {
    SecretReferences secrets = new SecretReferences(environment);
    SecretResolver resolver = (field, value) -> resolve(secrets, field, value);
    this.issuedKeys = issuedKeys;
    this.systems = new SystemsBuilder(connectors, resolver);
    this.subscriptions = new SubscriptionsBuilder(resolver);
  }

  Tenants build(TenantsDocument document) {
    List<Tenant> tenants = new ArrayList<>();
    RetryPolicy retry =
        retry(
            document.defaults() == null ? null : document.defaults().retry(), RetryPolicy.DEFAULT);
    long maxBody =
        maxBody(
            document.defaults() == null ? null : document.defaults().limits(), DEFAULT_MAX_BODY);
    orEmpty(document.tenants())
        .forEach((id, node) -> tenants.add(tenant(id, node, retry, maxBody)));
    return new Tenants(tenants);
  }

  private Tenant tenant(String id, TenantNode node, RetryPolicy retry, long maxBody) {
    Names.require("tenant", id);
    requirePresent("tenants." + id, node);
    try {
      return new Tenant(
          id,
          node.enabled() == null || node.enabled(),
          keys(id, orEmpty(node.keys())),
          systems.build(orEmpty(node.systems()), told(node)),
          subscriptions.build(orEmpty(node.subscriptions())),
          orEmpty(node.mappings()),
          retry(node.retry(), retry),
          maxBody(node.limits(), maxBody),
          Optional.ofNullable(node.shard()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tenants." + id + ": " + e.getMessage(), e);
    }
  }

  /** What subscriptions name; those that are systems are written to. */
  private static Set<String> told(TenantNode node) {
    return orEmpty(node.subscriptions()).stream()
        .map(SubscriptionNode::to)
        .collect(Collectors.toSet());
  }

  private List<ApiKey> keys(String tenant, List<KeyNode> nodes) {
    List<ApiKey> keys = new ArrayList<>();
    for (KeyNode node : nodes) {
      Names.require("key", node.id());
      Set<String> can = node.can() == null ? ApiKey.RIGHTS : new HashSet<>(node.can());
      boolean issue = "onFirstStart".equals(node.issue());
      if (issue == (node.sha256() != null) || node.issue() != null && !issue) {
        throw new IllegalArgumentException(
            "key '" + node.id() + "': expected either sha256: <hex> or issue: onFirstStart");
      }
      keys.add(
          new ApiKey(node.id(), issue ? issuedKeys.hashOf(tenant, node.id()) : node.sha256(), can));
    }
    return keys;
  }

  private static Secret resolve(SecretReferences secrets, String field, String value) {
    try {
      return secrets.resolve(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  private static RetryPolicy retry(RetryNode node, RetryPolicy defaults) {
    if (node == null) {
      return defaults;
    }
    return new RetryPolicy(
        node.schedule() == null
            ? defaults.schedule()
            : Units.durations("retry.schedule", node.schedule()),
        node.maxAge() == null ? defaults.maxAge() : Units.duration("retry.maxAge", node.maxAge()));
  }

  private static long maxBody(LimitsNode node, long otherwise) {
    return node == null || node.maxBody() == null
        ? otherwise
        : Units.bytes("limits.maxBody", node.maxBody());
  }

  static void requirePresent(String field, Object node) {
    if (node == null) {
      throw new IllegalArgumentException(field + ": nothing follows it; write {} if that is meant");
    }
  }

  static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  static <V> Map<String, V> orEmpty(Map<String, V> map) {
    return map == null ? Map.of() : map;
  }
}
