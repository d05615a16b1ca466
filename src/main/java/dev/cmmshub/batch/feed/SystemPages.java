package dev.cmmshub.batch.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks a system for what it has, as polls do. */
@FunctionalInterface
public interface SystemPages {
  /**
   * One page.
   *
   * @param records in the order of their changes
   * @param changedUntil when the last of them changed, null without records
   * @param next what to ask for the page behind; empty when this was the last
   */
  record Page(List<JsonNode> records, Instant changedUntil, Map<String, String> next) {}

  /**
   * @param job by whose own instance of the source it is asked
   * @param ask the variables the source reads
   * @throws UnavailableException when the system does not answer now
   * @throws RuntimeException when its answer is not what the connector expects
   */
  Page ask(Tenant tenant, TenantSystem system, String resource, UUID job, Map<String, String> ask)
      throws UnavailableException;
}
