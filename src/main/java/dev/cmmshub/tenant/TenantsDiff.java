package dev.cmmshub.tenant;

import dev.cmmshub.tenant.TenantChange.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares two versions of {@code tenants.yaml} by what they do, not by how they are written. */
public final class TenantsDiff {
  /** Whom a change concerns that is no single tenant's. */
  private static final String EVERYBODY = "*";

  private final List<TenantChange> changes = new ArrayList<>();

  private TenantsDiff() {}

  /** What starts, stops or changes when one version takes the place of another, by tenant. */
  public static List<TenantChange> between(Tenants before, Tenants after) {
    TenantsDiff diff = new TenantsDiff();
    Set<String> ids = new TreeSet<>();
    before.all().forEach(tenant -> ids.add(tenant.id()));
    after.all().forEach(tenant -> ids.add(tenant.id()));
    for (String id : ids) {
      Tenant old = before.byId(id).orElse(null);
      Tenant now = after.byId(id).orElse(null);
      if (old == null) {
        diff.note(id, "tenant", id, Action.STARTS, started(now));
      } else if (now == null) {
        diff.note(id, "tenant", id, Action.STOPS, "its key is worth nothing any more");
      } else if (!old.equals(now)) {
        diff.compare(old, now);
      }
    }
    diff.compare(
        EVERYBODY, "budget", before.budgets(), after.budgets(), (old, now) -> old + " -> " + now);
    return List.copyOf(diff.changes);
  }

  private static String started(Tenant tenant) {
    return (tenant.enabled() ? "" : "disabled; ")
        + "systems: "
        + String.join(", ", new TreeSet<>(tenant.systems().keySet()));
  }

  private void compare(Tenant old, Tenant now) {
    String id = old.id();
    if (old.enabled() != now.enabled()) {
      note(id, "tenant", id, now.enabled() ? Action.STARTS : Action.STOPS, switched(now.enabled()));
    }
    compare(
        id, "key", byName(old.keys(), ApiKey::id), byName(now.keys(), ApiKey::id), (a, b) -> "");
    compare(
        id,
        "token",
        byName(old.tokens(), TokenIssuer::id),
        byName(now.tokens(), TokenIssuer::id),
        (a, b) -> "");
    compare(id, "system", old.systems(), now.systems(), TenantsDiff::difference);
    compare(
        id,
        "subscription",
        byName(old.subscriptions(), Subscription::id),
        byName(now.subscriptions(), Subscription::id),
        TenantsDiff::difference);
    compare(id, "mapping", old.mappings(), now.mappings(), (a, b) -> a + " -> " + b);
    compare(id, "codes", old.codes(), now.codes(), TenantsDiff::difference);
    compare(
        id,
        "flow",
        byName(old.flows(), ExpectedFlow::name),
        byName(now.flows(), ExpectedFlow::name),
        (a, b) -> "");
    compare(
        id,
        "batch",
        byName(old.batch(), BatchDefinition::id),
        byName(now.batch(), BatchDefinition::id),
        BatchDefinition::difference);
    if (!old.retry().equals(now.retry())) {
      note(
          id,
          "retry",
          "retry",
          Action.CHANGES,
          inWords(old.retry()) + " -> " + inWords(now.retry()));
    }
    old.limits()
        .differences(now.limits())
        .forEach((name, detail) -> note(id, "limits", name, Action.CHANGES, detail));
    if (!old.api().equals(now.api())) {
      note(id, "api", "api", Action.CHANGES, inWords(old.api()) + " -> " + inWords(now.api()));
    }
    if (!old.shard().equals(now.shard())) {
      note(
          id,
          "shard",
          now.shard().orElse("by hash"),
          Action.CHANGES,
          old.shard().orElse("by hash") + " before; rows are not moved");
    }
  }

  /** In words, what is different about two parts of one name. */
  private interface Difference<T> {
    String of(T old, T now);
  }

  private <T> void compare(
      String tenant, String part, Map<String, T> old, Map<String, T> now, Difference<T> detail) {
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      T was = old.get(name);
      T is = now.get(name);
      if (was == null) {
        note(tenant, part, name, Action.STARTS, "");
      } else if (is == null) {
        note(tenant, part, name, Action.STOPS, "");
      } else if (!was.equals(is)) {
        note(tenant, part, name, action(was, is), detail.of(was, is));
      }
    }
  }

  private static Action action(Object was, Object is) {
    return isOn(was) == isOn(is) ? Action.CHANGES : isOn(is) ? Action.STARTS : Action.STOPS;
  }

  private static boolean isOn(Object one) {
    return one instanceof TenantSystem system
        ? system.enabled()
        : !(one instanceof BatchDefinition load) || load.enabled();
  }

  private static String difference(TenantSystem old, TenantSystem now) {
    List<String> parts = new ArrayList<>();
    if (old.enabled() != now.enabled()) {
      parts.add(switched(now.enabled()));
    }
    if (!old.connector().equals(now.connector())) {
      parts.add("connector " + old.connector() + " -> " + now.connector());
    }
    Map<String, Secret> all = new TreeMap<>(old.parameters());
    all.putAll(now.parameters());
    String parameters =
        all.keySet().stream()
            .filter(name -> !Objects.equals(old.parameters().get(name), now.parameters().get(name)))
            .collect(Collectors.joining(", "));
    if (!parameters.isEmpty()) {
      parts.add("parameters: " + parameters);
    }
    if (!old.polls().equals(now.polls())) {
      parts.add("poll");
    }
    if (!old.hook().equals(now.hook())) {
      parts.add("hook");
    }
    return String.join("; ", parts);
  }

  private static String difference(Subscription old, Subscription now) {
    List<String> parts = new ArrayList<>();
    if (!old.to().equals(now.to())) {
      parts.add("to " + old.to() + " -> " + now.to());
    }
    if (!old.events().equals(now.events())) {
      parts.add("events " + old.events() + " -> " + now.events());
    }
    if (old.order() != now.order()) {
      parts.add("order " + old.order().text() + " -> " + now.order().text());
    }
    if (!old.secret().equals(now.secret())) {
      parts.add("secret");
    }
    return String.join("; ", parts);
  }

  private static String inWords(List<String> api) {
    return api.isEmpty() ? "all versions" : String.join(", ", api);
  }

  private static String difference(Map<String, String> old, Map<String, String> now) {
    Set<String> codes = new TreeSet<>(old.keySet());
    codes.addAll(now.keySet());
    codes.removeIf(code -> Objects.equals(old.get(code), now.get(code)));
    return String.join(", ", codes);
  }

  private static String inWords(RetryPolicy retry) {
    return retry.schedule().stream().map(Units::text).collect(Collectors.joining(", "))
        + ", at most "
        + Units.text(retry.maxAge());
  }

  private static String switched(boolean enabled) {
    return "enabled: " + !enabled + " -> " + enabled;
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> byName = new HashMap<>();
    all.forEach(one -> byName.put(name.apply(one), one));
    return byName;
  }

  private void note(String tenant, String part, String name, Action action, String detail) {
    changes.add(new TenantChange(tenant, part, name, action, detail));
  }
}
