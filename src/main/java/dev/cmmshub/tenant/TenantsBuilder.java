package dev.cmmshub.tenant;

import dev.cmmshub.message.Names;
import dev.cmmshub.tenant.TenantsDocument.KeyNode;
import dev.cmmshub.tenant.TenantsDocument.LimitsNode;
import dev.cmmshub.tenant.TenantsDocument.RetryNode;
import dev.cmmshub.tenant.TenantsDocument.SubscriptionNode;
import dev.cmmshub.tenant.TenantsDocument.SystemNode;
import dev.cmmshub.tenant.TenantsDocument.TenantNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Builds tenants from the parsed file: defaults, secret references, issued keys. */
public final class TenantsBuilder {
  private static final long DEFAULT_MAX_BODY = 2L << 20;

  private final SecretReferences secrets;
  private final IssuedKeys issuedKeys;
  private final Map<String, Set<String>> connectors;

  /**
   * @param environment where <code>{{env:NAME}}</code> is looked up
   * @param connectors names a system may use, each with what can be polled of such a system
   */
  public TenantsBuilder(
      Map<String, String> environment, IssuedKeys issuedKeys, Map<String, Set<String>> connectors) {
    this.secrets = new SecretReferences(environment);
    this.issuedKeys = issuedKeys;
    this.connectors = Map.copyOf(connectors);
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
          systems(orEmpty(node.systems())),
          subscriptions(orEmpty(node.subscriptions())),
          orEmpty(node.mappings()),
          retry(node.retry(), retry),
          maxBody(node.limits(), maxBody),
          Optional.ofNullable(node.shard()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tenants." + id + ": " + e.getMessage(), e);
    }
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

  private Map<String, TenantSystem> systems(Map<String, SystemNode> nodes) {
    Map<String, TenantSystem> systems = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          Names.require("system", name);
          requirePresent("systems." + name, node);
          if (node.connector() == null || !connectors.containsKey(node.connector())) {
            throw new IllegalArgumentException(
                "systems."
                    + name
                    + ".connector: '"
                    + node.connector()
                    + "': expected one of the folders in connectors/: "
                    + new java.util.TreeSet<>(connectors.keySet()));
          }
          Map<String, Secret> parameters = new TreeMap<>();
          orEmpty(node.parameters())
              .forEach(
                  (key, value) ->
                      parameters.put(
                          key, resolve("systems." + name + ".parameters." + key, value)));
          systems.put(
              name,
              new TenantSystem(
                  name,
                  node.connector(),
                  node.enabled() == null || node.enabled(),
                  parameters,
                  new PollsBuilder(node.connector(), connectors.get(node.connector()))
                      .build("systems." + name + ".poll", orEmpty(node.poll()), this::resolve)));
        });
    return systems;
  }

  private List<Subscription> subscriptions(List<SubscriptionNode> nodes) {
    List<Subscription> subscriptions = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (SubscriptionNode node : nodes) {
      String id = name(node.to());
      String unique = id;
      for (int i = 2; !ids.add(unique); i++) {
        unique = id + "-" + i;
      }
      if (node.secret() != null && !SecretReferences.isReference(node.secret())) {
        throw new IllegalArgumentException(
            "subscriptions to '"
                + node.to()
                + "': secret: expected a reference {{env:NAME}} or {{file:/path}}, never the secret");
      }
      subscriptions.add(
          new Subscription(
              unique,
              node.to(),
              node.events(),
              node.order() == null ? DeliveryOrder.STRICT : node.order(),
              Optional.ofNullable(node.secret()).map(s -> signing(node.to(), s))));
    }
    return subscriptions;
  }

  /** A webhook by its host, a system by its own name, which may begin with http too. */
  private static String name(String to) {
    if (!to.matches("https?://.*")) {
      return to;
    }
    String host = URI.create(to).getHost();
    if (host == null) {
      throw new IllegalArgumentException("subscription to '" + to + "': expected a host's name");
    }
    return host;
  }

  /** As the specification of Standard Webhooks writes it; otherwise nothing could be signed. */
  private Secret signing(String to, String reference) {
    Secret secret = resolve("secret", reference);
    try {
      Base64.getDecoder().decode(secret.value().replaceFirst("^whsec_", ""));
      return secret;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "subscription to '" + to + "': secret: expected whsec_ and base64", e);
    }
  }

  private Secret resolve(String field, String value) {
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

  private static void requirePresent(String field, Object node) {
    if (node == null) {
      throw new IllegalArgumentException(field + ": nothing follows it; write {} if that is meant");
    }
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static <V> Map<String, V> orEmpty(Map<String, V> map) {
    return map == null ? Map.of() : map;
  }
}
