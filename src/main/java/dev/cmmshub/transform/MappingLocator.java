package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.cmmshub.tenant.Tenant;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the file that translates an entity of a tenant's system into the canonical model. */
@FunctionalInterface
public interface MappingLocator {
  /** Empty when the system's connector does not know the entity. */
  Optional<Path> fromErp(Tenant tenant, String system, String entity);

  /** The code tables of the system, by name. */
  default JsonNode codes(Tenant tenant, String system) {
    return NullNode.getInstance();
  }
}
