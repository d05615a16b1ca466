package dev.cmmshub.tenant;

import java.util.Optional;
import java.util.Set;

/**
 * What a connector wants to know of each of its systems.
 *
 * @param resources what can be polled of such a system
 * @param parameters names that it takes; empty when any may be given
 * @param toRead parameters without which it cannot be polled
 * @param toWrite parameters without which it cannot be told of events
 */
public record SystemKind(
    Set<String> resources,
    Optional<Set<String>> parameters,
    Set<String> toRead,
    Set<String> toWrite) {}
