package dev.cmmshub.tenant;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** One version of {@code tenants.yaml}; never changes. */
public final class Tenants {
  /** A credential and the tenant it speaks for. */
  public record Identity(Tenant tenant, Credential credential) {}

  /**
   * Who posts to a hook.
   *
   * @param identity its key is named {@code hook:<system>} and may publish
   */
  public record HookAddress(Identity identity, TenantSystem system) {}

  private static final Set<String> HOOKS_MAY = Set.of("publish");

  private final String version;
  private final Map<String, Tenant> byId = new TreeMap<>();
  private final Map<String, Identity> byKeyHash = new HashMap<>();
  private final Map<String, Budget> budgets;
  private final Map<String, HookAddress> byHookToken = new HashMap<>();
  // Certificates are public: in one map with keys, one could be sent as if it were a key.
  private final Map<String, Identity> byCertificate = new HashMap<>();
  private final TokenIndex byToken = new TokenIndex();

  /** Those of no file. */
  public Tenants(Collection<Tenant> tenants) {
    this(tenants, Map.of(), "none");
  }

  /**
   * @param budgets of receivers, by host or host and port
   * @param version the same for the same bytes of the file, another for others
   */
  public Tenants(Collection<Tenant> tenants, Map<String, Budget> budgets, String version) {
    this.version = version;
    this.budgets = Map.copyOf(budgets);
    for (Tenant tenant : tenants) {
      byId.put(tenant.id(), tenant);
      for (ApiKey key : tenant.keys()) {
        Map<String, Identity> same = key.isCertificate() ? byCertificate : byKeyHash;
        Identity other = same.put(key.sha256(), new Identity(tenant, key));
        if (other != null) {
          throw new IllegalArgumentException(
              "tenant '"
                  + tenant.id()
                  + "': key '"
                  + key.id()
                  + "' is also a key of tenant '"
                  + other.tenant().id()
                  + "'; a key must decide the tenant");
        }
      }
      for (TokenIssuer token : tenant.tokens()) {
        byToken
            .add(new Identity(tenant, token))
            .ifPresent(
                why -> {
                  throw new IllegalArgumentException(
                      "tenant '" + tenant.id() + "': token '" + token.id() + "': " + why);
                });
      }
      tenant.systems().values().forEach(system -> address(tenant, system));
    }
  }

  private void address(Tenant tenant, TenantSystem system) {
    for (String token : system.hook().map(Hook::tokens).orElse(List.of())) {
      ApiKey key = new ApiKey("hook:" + system.name(), token, HOOKS_MAY);
      HookAddress address = new HookAddress(new Identity(tenant, key), system);
      if (byHookToken.put(token, address) != null) {
        throw new IllegalArgumentException(
            "tenant '"
                + tenant.id()
                + "': system '"
                + system.name()
                + "': another has the same token; a token must decide tenant and system");
      }
    }
  }

  /** Which version of the file this is: hexadecimal digits. */
  public String version() {
    return version;
  }

  /** What all tenants together may ask of a receiver, by its host or host and port. */
  public Map<String, Budget> budgets() {
    return budgets;
  }

  public Collection<Tenant> all() {
    return byId.values();
  }

  public Optional<Tenant> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * Whom a key speaks for, by the hex SHA-256 of the key. Looking up a hash tells an attacker who
   * measures time nothing about a key.
   */
  public Optional<Identity> byKeyHash(String sha256) {
    return Optional.ofNullable(byKeyHash.get(sha256));
  }

  /** Who posts to a hook, by the hex SHA-256 of the token in its address. */
  public Optional<HookAddress> byHookToken(String sha256) {
    return Optional.ofNullable(byHookToken.get(sha256));
  }

  /** Whom a client certificate speaks for, by the hex SHA-256 of its DER form. */
  public Optional<Identity> byCertificate(String sha256) {
    return Optional.ofNullable(byCertificate.get(sha256));
  }

  /**
   * Whom a token would speak for if it is genuine, which nobody has looked at yet.
   *
   * @param claim gives the text of a claim by its name, null when it is no text or not there
   * @return more than one only by several audiences; such a token decides nothing
   */
  public List<Identity> byToken(
      String issuer, Collection<String> audiences, Function<String, String> claim) {
    return byToken.find(issuer, audiences, claim);
  }
}
