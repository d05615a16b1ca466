package dev.cmmshub.tenant;

import dev.cmmshub.tenant.Tenants.Identity;
import dev.cmmshub.yaml.Field;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Builds whose tokens speak for the tenants of one file, so that no token speaks for two. */
final class TokensBuilder {
  private final TokenIndex index = new TokenIndex();

  /**
   * @param keys of the same tenant, whose ids are taken
   * @param limits the tenant's, which hold where a token's own say nothing
   */
  List<TokenIssuer> build(Field tokens, List<ApiKey> keys, Limits limits) {
    List<TokenIssuer> built = new ArrayList<>();
    Set<String> ids = keys.stream().map(ApiKey::id).collect(Collectors.toCollection(HashSet::new));
    for (Field token : tokens.items()) {
      Optional<String> id = token.at("id").text();
      if (id.isPresent() && !ids.add(id.get())) {
        token
            .at("id")
            .wrong("there is another key or token '" + id.get() + "'; give each an id of its own");
      }
      Optional<URI> jwks = address(token.at("jwks"));
      address(token.at("issuer"));
      if (id.isPresent() && token.isSound()) {
        built.add(token(id.get(), token, jwks, limits));
      }
    }
    return built;
  }

  private static TokenIssuer token(String id, Field token, Optional<URI> jwks, Limits limits) {
    Map<String, String> claims = new TreeMap<>();
    token
        .at("claims")
        .fields()
        .forEach((name, value) -> value.text().ifPresent(text -> claims.put(name, text)));
    Set<String> can = Set.copyOf(token.at("can").texts());
    Field own = token.at("limits");
    return new TokenIssuer(
        id,
        token.at("issuer").text().orElseThrow(),
        token.at("audience").text().orElseThrow(),
        Set.copyOf(token.at("algorithms").texts()),
        jwks,
        claims,
        can.isEmpty() ? ApiKey.USUAL : can,
        own.isGiven() ? Optional.of(LimitsBuilder.build(own, limits)) : Optional.empty());
  }

  private static Optional<URI> address(Field field) {
    return field.text().flatMap(text -> field.read(() -> TokenIssuer.address(text)));
  }

  /** Notes of each one whether its tokens could also be those of another. */
  void tellApart(Tenant tenant, Field tokens) {
    List<Field> fields = tokens.items();
    for (int i = 0; i < tenant.tokens().size(); i++) {
      Field field = fields.get(i);
      index.add(new Identity(tenant, tenant.tokens().get(i))).ifPresent(field::wrong);
    }
  }
}
