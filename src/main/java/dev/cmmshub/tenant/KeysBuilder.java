package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds the keys of all tenants of one file, so that no two of them have the same. */
final class KeysBuilder {
  /** The hash of a key that the hub makes. */
  @FunctionalInterface
  interface Issuer {
    String hashOf(String tenant, String key);
  }

  private final Issuer issuer;
  private final Map<String, String> owners = new HashMap<>();

  KeysBuilder(Issuer issuer) {
    this.issuer = issuer;
  }

  /**
   * @param limits the tenant's, which hold for a key where its own say nothing
   */
  List<ApiKey> build(String tenant, Field keys, Limits limits) {
    List<ApiKey> built = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Field key : keys.items()) {
      Optional<String> id = key.at("id").text();
      if (id.isPresent() && !ids.add(id.get())) {
        key.at("id").wrong("there is another key '" + id.get() + "'; give each an id of its own");
      }
      Optional<Instant> expires =
          key.at("expires").text().flatMap(text -> key.at("expires").read(() -> Units.time(text)));
      if (id.isPresent() && key.isSound()) {
        Field own = key.at("limits");
        Set<String> can = new HashSet<>(key.at("can").texts());
        boolean certificate = key.at("certificate").isGiven();
        built.add(
            new ApiKey(
                id.get(),
                certificate,
                certificate
                    ? fingerprint(tenant, key.at("certificate"))
                    : hash(tenant, id.get(), key.at("sha256")),
                can.isEmpty() ? ApiKey.USUAL : can,
                expires,
                own.isGiven() ? Optional.of(LimitsBuilder.build(own, limits)) : Optional.empty()));
      }
    }
    return built;
  }

  private String hash(String tenant, String id, Field given) {
    String hash = given.text().orElseGet(() -> issuer.hashOf(tenant, id));
    own(hash, tenant, given);
    return hash;
  }

  /** As openssl and browsers write it, or without colons. */
  private String fingerprint(String tenant, Field given) {
    String sha256 = given.text().orElseThrow().replace(":", "").toLowerCase(Locale.ROOT);
    own("certificate " + sha256, tenant, given);
    return sha256;
  }

  private void own(String credential, String tenant, Field given) {
    String owner = owners.putIfAbsent(credential, tenant);
    if (owner != null) {
      given.wrong(
          "is also a key of tenant '" + owner + "'; a key must decide the tenant, make another");
    }
  }
}
