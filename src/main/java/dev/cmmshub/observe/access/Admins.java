package dev.cmmshub.observe.access;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One version of {@code admins.yaml}; never changes. */
public final class Admins {
  private final Map<String, Admin> byKeyHash;

  /**
   * @throws IllegalStateException when two have the same key
   */
  public Admins(Collection<Admin> admins) {
    byKeyHash = admins.stream().collect(Collectors.toMap(Admin::sha256, Function.identity()));
  }

  /**
   * Who has a key, by the hex SHA-256 of the key. Looking up a hash tells an attacker who measures
   * time nothing about a key.
   */
  public Optional<Admin> byKeyHash(String sha256) {
    return Optional.ofNullable(byKeyHash.get(sha256));
  }

  public int size() {
    return byKeyHash.size();
  }
}
