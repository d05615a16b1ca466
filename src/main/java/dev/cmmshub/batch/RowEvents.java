package dev.cmmshub.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Tenant;
import java.time.Instant;

/** Makes an event of a record, as the gateway makes one of a post. */
@FunctionalInterface
public interface RowEvents {
  /**
   * Its data are the record as JSON.
   *
   * @param asOf the version of a record that tells none, or null
   * @throws dev.cmmshub.message.ProblemException when it is no event
   */
  Event read(Tenant tenant, String system, JsonNode record, Instant asOf);
}
