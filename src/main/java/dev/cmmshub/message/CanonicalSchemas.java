package dev.cmmshub.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The canonical maintenance model as JSON Schemas (2020-12), compiled once. */
public final class CanonicalSchemas {
  /** The entities of the canonical model. */
  public static final Set<String> ENTITIES =
      Set.of("workorder", "part", "purchasedocument", "asset");

  private static final String BASE = "https://cmmshub.dev/schema/";

  private final Map<String, JsonSchema> schemas = new TreeMap<>();

  public CanonicalSchemas() {
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder ->
                builder.schemaMappers(
                    mappers ->
                        mappers.mappings(
                            address ->
                                address.startsWith(BASE)
                                    ? "classpath:schema/"
                                        + address.substring(BASE.length()).replace("/v1", "")
                                        + ".schema.json"
                                    : null)));
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().failFast(true).formatAssertionsEnabled(false).build();
    for (String entity : ENTITIES) {
      JsonSchema schema = factory.getSchema(SchemaLocation.of(address(entity)), config);
      schema.initializeValidators();
      schemas.put(entity, schema);
    }
  }

  /** The immutable address of an entity's schema, as CloudEvents {@code dataschema}. */
  public static String address(String entity) {
    return BASE + entity + "/v1";
  }

  /**
   * The first thing that does not fit, as {@code path: reason}, or empty when all does.
   *
   * @throws IllegalArgumentException for an entity outside the model
   */
  public Optional<String> violation(String entity, JsonNode value) {
    JsonSchema schema = schemas.get(entity);
    if (schema == null) {
      throw new IllegalArgumentException(
          "entity '" + entity + "': expected one of " + schemas.keySet());
    }
    Set<ValidationMessage> messages = schema.validate(value);
    return messages.isEmpty()
        ? Optional.empty()
        : Optional.of(messages.iterator().next().getMessage());
  }
}
