package dev.cmmshub.recovery.letter;

import dev.cmmshub.store.AuditEntry;
import dev.cmmshub.store.AuditLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds dead letters on all shards. */
public final class Letters {
  private static final int SHOWN_WHEN_AMBIGUOUS = 5;

  private final Supplier<Tenants> tenants;
  private final Shards shards;

  public Letters(Supplier<Tenants> tenants, Shards shards) {
    this.tenants = tenants;
    this.shards = shards;
  }

  /** The newest that match, without payloads: those may hold what not everybody must see. */
  public List<Letter> newest(LetterFilter filter, int most) throws SQLException {
    List<Letter> found = new ArrayList<>();
    for (Map.Entry<Shard, List<String>> entry : owners(filter).entrySet()) {
      Shard shard = entry.getKey();
      found.addAll(
          shard.transaction(
              entry.getValue(),
              connection -> LetterRows.newest(connection, filter, most, shard.name())));
    }
    found.sort(Comparator.comparing(Letter::diedAt).reversed());
    return found.subList(0, Math.min(most, found.size()));
  }

  /** How many match, by error class. */
  public Map<String, Long> count(LetterFilter filter) throws SQLException {
    Map<String, Long> byClass = new TreeMap<>();
    for (Map.Entry<Shard, List<String>> entry : owners(filter).entrySet()) {
      entry
          .getKey()
          .transaction(
              entry.getValue(),
              connection -> {
                LetterRows.count(connection, filter, byClass);
                return null;
              });
    }
    return byClass;
  }

  /**
   * The one letter that an operator means.
   *
   * @param name its id, or as much of it as is unambiguous
   * @throws Refusal when there is none, or none any more, or several
   */
  public Letter find(String name) throws SQLException {
    LetterPrefix prefix = LetterPrefix.parse(name);
    List<Letter> found = new ArrayList<>();
    for (Map.Entry<Shard, List<String>> entry : owners().entrySet()) {
      Shard shard = entry.getKey();
      found.addAll(
          shard.transaction(
              entry.getValue(),
              connection ->
                  LetterRows.named(connection, prefix, SHOWN_WHEN_AMBIGUOUS + 1, shard.name())));
    }
    for (Letter letter : found) {
      if (found.size() == 1 || letter.id().toString().equals(name)) {
        return letter;
      }
    }
    throw found.isEmpty() ? gone(name) : ambiguous(name, found);
  }

  private static Refusal ambiguous(String name, List<Letter> found) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "ambiguous",
        "'"
            + name
            + "' can mean several dead letters, give more of the id: "
            + found.stream()
                .limit(SHOWN_WHEN_AMBIGUOUS)
                .map(letter -> letter.id().toString())
                .collect(Collectors.joining(", "))
            + (found.size() > SHOWN_WHEN_AMBIGUOUS ? ", …" : ""));
  }

  /** Tells a letter that somebody else has taken from one that never was. */
  Refusal gone(String name) throws SQLException {
    for (Map.Entry<Shard, List<String>> entry : owners().entrySet()) {
      List<AuditEntry> last =
          entry
              .getKey()
              .transaction(entry.getValue(), connection -> AuditLog.newest(connection, name, 1));
      if (!last.isEmpty()) {
        AuditEntry done = last.get(0);
        return new Refusal(
            Refusal.Kind.CONFLICT,
            "gone",
            done.target()
                + " is no dead letter any more: "
                + done.action()
                + " by "
                + done.operator()
                + " at "
                + done.at());
      }
    }
    return new Refusal(
        Refusal.Kind.UNKNOWN,
        "unknown-letter",
        "no dead letter has the id '" + name + "'; ./hub dead-letter list shows them");
  }

  Shard shard(Letter letter) {
    return shards.of(
        tenants
            .get()
            .byId(letter.id().tenant())
            .orElseThrow(() -> unknownTenant(letter.id().tenant())));
  }

  Map<Shard, List<String>> owners() {
    return owners(tenants.get().all());
  }

  /** The tenants that a filter is about, by their shards. */
  Map<Shard, List<String>> owners(LetterFilter filter) {
    if (filter.tenant() == null) {
      return owners();
    }
    return owners(
        List.of(
            tenants.get().byId(filter.tenant()).orElseThrow(() -> unknownTenant(filter.tenant()))));
  }

  private Map<Shard, List<String>> owners(java.util.Collection<Tenant> of) {
    Map<Shard, List<String>> owners = new TreeMap<>(Comparator.comparing(Shard::name));
    shards.byShard(of).forEach((shard, all) -> owners.put(shard, ids(all)));
    return owners;
  }

  private static List<String> ids(List<Tenant> all) {
    return all.stream().map(Tenant::id).toList();
  }

  private static Refusal unknownTenant(String tenant) {
    return new Refusal(
        Refusal.Kind.WRONG, "tenant", "tenant: '" + tenant + "' is not in tenants.yaml");
  }
}
