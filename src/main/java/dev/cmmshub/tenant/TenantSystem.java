package dev.cmmshub.tenant;

import dev.cmmshub.message.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One ERP or CMMS of one tenant.
 *
 * @param parameters what its Kamelets are called with; secrets are resolved, so nothing prints them
 * @param polls what it is asked for; empty when it pushes
 * @param hook where it posts with a signature of its own, if it does
 */
public record TenantSystem(
    String name,
    String connector,
    boolean enabled,
    Map<String, Secret> parameters,
    List<Poll> polls,
    Optional<Hook> hook) {
  public TenantSystem {
    parameters = Map.copyOf(new TreeMap<>(parameters));
    polls = List.copyOf(polls);
  }

  /** Where it is called, a URL; none when it only sends. */
  public Optional<String> address() {
    return Optional.ofNullable(parameters.get("baseUrl")).map(Secret::value);
  }

  /**
   * Lets pass what is about a system in use.
   *
   * @throws ProblemException 403 when it is disabled
   */
  public void requireEnabled() {
    if (!enabled) {
      throw new ProblemException(
          403, "system-disabled", "system '" + name + "' is disabled: ask the hub's administrator");
    }
  }

  /** One that pushes with a key. */
  public TenantSystem(
      String name, String connector, boolean enabled, Map<String, Secret> parameters) {
    this(name, connector, enabled, parameters, List.of(), Optional.empty());
  }
}
