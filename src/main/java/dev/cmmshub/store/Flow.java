package dev.cmmshub.store;

import dev.cmmshub.tenant.FlowStage;

/**
 * Events of one kind on one way.
 *
 * @param party the system they come from when applied, the subscription when delivered
 */
public record Flow(String tenant, FlowStage stage, String party, String entity) {}
