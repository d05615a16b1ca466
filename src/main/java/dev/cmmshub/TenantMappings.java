package dev.cmmshub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.Direction;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.MappingLocator;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The mapping of a tenant's own, else its system's connector's. */
record TenantMappings(Map<String, Connector> connectors, CodeTables tables)
    implements MappingLocator {
  @Override
  public Optional<Path> fromErp(Tenant tenant, String system, String entity) {
    return tenant
        .system(system)
        .flatMap(
            found ->
                Optional.ofNullable(
                        tenant
                            .mappings()
                            .get(system + "/" + entity + "." + Direction.FROM_ERP.text()))
                    .map(Path::of)
                    .or(
                        () ->
                            connectors.get(found.connector()).mapping(entity, Direction.FROM_ERP)));
  }

  @Override
  public JsonNode codes(Tenant tenant, String system) {
    return tables.of(tenant, system);
  }
}
