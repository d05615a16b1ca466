package dev.cmmshub.tenant;

import dev.cmmshub.message.Names;
import dev.cmmshub.message.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One customer of the hub.
 *
 * @param tokens whose tokens speak for it beside its keys
 * @param limits how much it may use
 * @param mappings overrides: {@code <system>/<entity>.<direction>} to a JSLT file
 * @param codes entries of code tables of its own: {@code <system>/<table>} to values by code
 * @param flows traffic it is told to have; of other traffic the hub learns what is usual
 * @param batch loads that come again and again, its own and those its connectors bring, by id
 * @param api versions of the HTTP API it may call; empty: all
 * @param shard where its rows live when pinned, else by hashing
 */
public record Tenant(
    String id,
    boolean enabled,
    List<ApiKey> keys,
    List<TokenIssuer> tokens,
    Map<String, TenantSystem> systems,
    List<Subscription> subscriptions,
    Map<String, String> mappings,
    Map<String, Map<String, String>> codes,
    List<ExpectedFlow> flows,
    List<BatchDefinition> batch,
    RetryPolicy retry,
    Limits limits,
    List<String> api,
    Optional<String> shard) {
  public Tenant {
    Names.require("tenant", id);
    keys = List.copyOf(keys);
    tokens = List.copyOf(tokens);
    systems = Map.copyOf(systems);
    subscriptions = List.copyOf(subscriptions);
    mappings = Map.copyOf(mappings);
    codes = Map.copyOf(codes);
    flows = List.copyOf(flows);
    batch = List.copyOf(batch);
    api = List.copyOf(api);
    for (Subscription subscription : subscriptions) {
      if (!subscription.isWebhook() && !systems.containsKey(subscription.to())) {
        throw new IllegalArgumentException(
            "tenant '"
                + id
                + "': subscription to '"
                + subscription.to()
                + "': expected a web address or one of its systems "
                + systems.keySet());
      }
    }
  }

  /** One for which no tokens speak, without codes of its own, expected flows and loads. */
  public Tenant(
      String id,
      boolean enabled,
      List<ApiKey> keys,
      Map<String, TenantSystem> systems,
      List<Subscription> subscriptions,
      Map<String, String> mappings,
      RetryPolicy retry,
      Limits limits,
      List<String> api,
      Optional<String> shard) {
    this(
        id,
        enabled,
        keys,
        List.of(),
        systems,
        subscriptions,
        mappings,
        Map.of(),
        List.of(),
        List.of(),
        retry,
        limits,
        api,
        shard);
  }

  /** Whether it is pinned to no versions, or to this one among them. */
  public boolean mayCall(String version) {
    return api.isEmpty() || api.contains(version);
  }

  /**
   * The system that sends, or is asked.
   *
   * @throws ProblemException 404 when there is none of this name, 403 when it is disabled
   */
  public TenantSystem enabledSystem(String name) {
    TenantSystem system =
        system(name)
            .orElseThrow(
                () ->
                    new ProblemException(
                        404,
                        "unknown-system",
                        "tenant '"
                            + id
                            + "' has no system of this name, expected one of "
                            + systems.keySet().stream().sorted().toList()));
    system.requireEnabled();
    return system;
  }

  public Optional<TenantSystem> system(String name) {
    return Optional.ofNullable(systems.get(name));
  }

  public Optional<Subscription> subscription(String name) {
    return subscriptions.stream().filter(s -> s.id().equals(name)).findFirst();
  }
}
