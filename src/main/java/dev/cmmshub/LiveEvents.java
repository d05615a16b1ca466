package dev.cmmshub;

import dev.cmmshub.batch.BulkPace;
import dev.cmmshub.message.Event;
import dev.cmmshub.observe.Passages;

/** Tells the bulk lane that there are live events. */
record LiveEvents(BulkPace pace) implements Passages {
  @Override
  public void accepted(Event event) {
    pace.live();
  }
}
