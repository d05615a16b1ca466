package dev.cmmshub.notifier;

import dev.cmmshub.broker.EventBatch;
import java.util.List;

/** A batch and whom it is to be told. */
public record Round(EventBatch batch, List<Delivery> deliveries) {}
