package dev.cmmshub.observe;

import dev.cmmshub.gateway.throttle.Peak;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells which lowered limits are below what was used within the last hour. */
public final class LimitWarnings {
  private final Function<String, Peak> peaks;
  private final int nodes;

  /**
   * @param tenant its id; with a slash and the key's id where the limit is a key's own
   * @param value as it would be
   * @param peak the most that was used; an estimate where several nodes share the limit
   */
  public record Warning(String tenant, String limit, long value, long peak, String detail) {}

  /**
   * @param peaks what this node let through, of a tenant or of a tenant and a key
   * @param nodes how many processes serve the same tenants; each is taken to be used as this one
   */
  public LimitWarnings(Function<String, Peak> peaks, int nodes) {
    this.peaks = peaks;
    this.nodes = nodes;
  }

  /** In the order of tenants and their keys. */
  List<Warning> of(Tenants now, Tenants next) {
    List<Warning> warnings = new ArrayList<>();
    for (Tenant tenant : next.all()) {
      Tenant before = now.byId(tenant.id()).orElse(null);
      if (before == null || before.equals(tenant)) {
        continue;
      }
      compare(warnings, tenant.id(), before.limits(), tenant.limits());
      for (ApiKey key : tenant.keys()) {
        Optional<Limits> old =
            before.keys().stream()
                .filter(one -> one.id().equals(key.id()))
                .findFirst()
                .flatMap(ApiKey::limits);
        if (old.isPresent() && key.limits().isPresent()) {
          compare(warnings, tenant.id() + '/' + key.id(), old.get(), key.limits().get());
        }
      }
    }
    return warnings;
  }

  private void compare(List<Warning> warnings, String name, Limits old, Limits now) {
    if (old.equals(now)) {
      return;
    }
    Peak peak = peaks.apply(name);
    long requests = peak.requests() * nodes;
    if (now.requestsPerSecond() < old.requestsPerSecond() || now.burst() < old.burst()) {
      String burst =
          requests > now.burst() ? "" : " once the burst of " + now.burst() + " is used up";
      add(warnings, name, "requestsPerSecond", now.requestsPerSecond(), requests, burst);
    }
    if (now.bytesPerSecond() < old.bytesPerSecond()) {
      add(warnings, name, "bytesPerSecond", now.bytesPerSecond(), peak.bytes() * nodes, "");
    }
    if (now.inFlight() < old.inFlight()) {
      add(warnings, name, "inFlight", now.inFlight(), peak.inFlight(), "");
    }
    if (now.maxBody() < old.maxBody()) {
      add(warnings, name, "maxBody", now.maxBody(), peak.body(), "");
    }
  }

  private void add(
      List<Warning> warnings, String name, String limit, long value, long peak, String when) {
    if (peak > value) {
      boolean isShared = nodes > 1 && limit.endsWith("PerSecond");
      String detail =
          "limit %s %d is below the peak of %s%d in the last hour%s: would refuse%s"
              .formatted(
                  limit,
                  value,
                  isShared ? "about " : "",
                  peak,
                  isShared ? " (that of this node times " + nodes + ")" : "",
                  when);
      warnings.add(new Warning(name, limit, value, peak, detail));
    }
  }
}
