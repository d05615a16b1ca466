package dev.cmmshub.tenant;

import dev.cmmshub.tenant.Tenants.Identity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds whom a token speaks for by its issuer, audience and claims. Those of one issuer and
 * audience name the same claims, each with other values: so no token fits two of them, and finding
 * one takes no longer when there are thousands.
 */
final class TokenIndex {
  private record Audience(String issuer, String audience) {}

  /**
   * What tells those of one issuer and audience apart.
   *
   * @param names of claims, sorted
   * @param byValues their values, in the order of the names
   */
  private record Group(List<String> names, Map<List<String>, Identity> byValues) {
    Optional<Identity> find(Function<String, String> claim) {
      List<String> values = new ArrayList<>(names.size());
      for (String name : names) {
        values.add(claim.apply(name));
      }
      return Optional.ofNullable(byValues.get(values));
    }
  }

  private final Map<Audience, Group> groups = new HashMap<>();

  /**
   * Adds one if no token of it could be one of another.
   *
   * @return why it was not added
   */
  Optional<String> add(Identity identity) {
    TokenIssuer token = (TokenIssuer) identity.credential();
    Map<String, String> claims = token.sortedClaims();
    List<String> names = List.copyOf(claims.keySet());
    Group group =
        groups.computeIfAbsent(
            new Audience(token.issuer(), token.audience()),
            first -> new Group(names, new HashMap<>()));
    if (!group.names().equals(names)) {
      return Optional.of(
          "a token could also be one of "
              + name(group.byValues().values().iterator().next())
              + ", which has the same issuer and audience and looks at the claims "
              + group.names()
              + ": look at the same claims here, with other values");
    }
    Identity other = group.byValues().putIfAbsent(List.copyOf(claims.values()), identity);
    return Optional.ofNullable(other)
        .map(
            same ->
                "a token of it is also one of "
                    + name(same)
                    + "; a token must decide the tenant: give each an audience of its own, or"
                    + " claims with other values");
  }

  private static String name(Identity identity) {
    return "'" + identity.credential().id() + "' of tenant '" + identity.tenant().id() + "'";
  }

  /** All that a token fits: none, one, or several by as many audiences. */
  List<Identity> find(String issuer, Collection<String> audiences, Function<String, String> claim) {
    List<Identity> found = new ArrayList<>(1);
    for (String audience : audiences) {
      Group group = groups.get(new Audience(issuer, audience));
      if (group != null) {
        group.find(claim).ifPresent(found::add);
      }
    }
    return found;
  }
}
