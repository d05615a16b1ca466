package dev.cmmshub.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Tenant;

/** Makes an event of a record, as the gateway makes one of a post. */
@FunctionalInterface
public interface RowEvents {
  /**
   * @param data the record as JSON, which become the event's
   * @throws dev.cmmshub.message.ProblemException when it is no event
   */
  Event read(Tenant tenant, String system, JsonNode record, byte[] data);
}
