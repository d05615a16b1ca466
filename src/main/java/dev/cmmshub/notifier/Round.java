package dev.cmmshub.notifier;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.trace.EventSteps;
import java.util.List;

/**
 * A batch and whom it is to be told.
 *
 * @param steps of its events; they end when it is known who is told
 */
public record Round(EventBatch batch, List<Delivery> deliveries, EventSteps steps) {}
