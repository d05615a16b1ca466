package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import java.util.List;
import java.util.Map;

/**
 * What became of a chunk.
 *
 * @param counts of rows that were written or found to be known
 * @param rejected how many rows were not taken
 * @param changed the events that observers are to be told of, again if the chunk was done before
 * @param replaced those of them of whose objects older versions may be remembered somewhere
 * @param isRepeated whether it was done before or its job cancelled: nothing was written now
 */
public record BulkOutcome(
    Map<Outcome, Integer> counts,
    int rejected,
    List<Event> changed,
    List<Event> replaced,
    boolean isRepeated) {}
