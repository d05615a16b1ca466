package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.FailedEvent;

/** What a stage would make of an event now, without doing it. */
@FunctionalInterface
public interface Rehearsal {
  /**
   * The canonical object, or the request an observer would get, by the mapping as its file is now.
   *
   * @throws dev.cmmshub.transform.UntranslatableException with the reason why there is none
   */
  JsonNode of(FailedEvent waiting);
}
