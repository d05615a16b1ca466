package dev.cmmshub.tenant;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a connector wants to know of each of its systems.
 *
 * @param resources what can be polled of such a system
 * @param parameters names that it takes; empty when any may be given
 * @param secrets parameters that are given as references only
 * @param toRead parameters without which it cannot be polled
 * @param toWrite parameters without which it cannot be told of events
 * @param hook how it writes the secret it signs with; empty when it does not sign
 * @param codes names of its code tables; empty when any may be given
 * @param batch loads that each of its systems that can be read has, until its tenant says otherwise
 */
public record SystemKind(
    Set<String> resources,
    Optional<Set<String>> parameters,
    Set<String> secrets,
    Set<String> toRead,
    Set<String> toWrite,
    Optional<HookSecret> hook,
    Optional<Set<String>> codes,
    List<BatchDefinition> batch) {
  public SystemKind {
    batch = List.copyOf(batch);
  }

  /** Of a connector that cannot be used as it is: nothing can be said of its systems. */
  public static final SystemKind UNKNOWN =
      new SystemKind(Set.of(), Optional.empty(), Set.of(), Set.of(), Set.of());

  /** Of a connector whose systems do not sign, and of which the code tables are not known. */
  public SystemKind(
      Set<String> resources,
      Optional<Set<String>> parameters,
      Set<String> secrets,
      Set<String> toRead,
      Set<String> toWrite) {
    this(resources, parameters, secrets, toRead, toWrite, Optional.empty(), Optional.empty());
  }

  /** Of a connector that brings no loads. */
  public SystemKind(
      Set<String> resources,
      Optional<Set<String>> parameters,
      Set<String> secrets,
      Set<String> toRead,
      Set<String> toWrite,
      Optional<HookSecret> hook,
      Optional<Set<String>> codes) {
    this(resources, parameters, secrets, toRead, toWrite, hook, codes, List.of());
  }
}
