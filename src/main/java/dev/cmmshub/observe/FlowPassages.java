package dev.cmmshub.observe;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.observe.flow.FlowRecorder;
import dev.cmmshub.store.Flow;
import dev.cmmshub.store.Outcome;
import dev.cmmshub.tenant.FlowStage;

/** Takes the steps at which an event has arrived for the success of its flow. */
public final class FlowPassages implements Passages {
  private final FlowRecorder recorder;

  public FlowPassages(FlowRecorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void stored(Event event, Outcome outcome, String shard) {
    if (outcome == Outcome.APPLIED) {
      EventKey key = event.key();
      recorder.succeeded(new Flow(key.tenant(), FlowStage.APPLIED, key.system(), key.entity()));
    }
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    recorder.succeeded(
        new Flow(
            delivery.tenant().id(),
            FlowStage.DELIVERED,
            delivery.subscription().id(),
            delivery.event().key().entity()));
  }
}
