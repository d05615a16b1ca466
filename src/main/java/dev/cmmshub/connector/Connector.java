package dev.cmmshub.connector;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One folder of {@code connectors/}.
 *
 * @param contentTypes media types its systems send; the first is the default
 * @param envelope mapping that tells what an incoming body is
 * @param sink name of the Kamelet that writes to the system, if it can be written to
 */
public record Connector(
    String name,
    String title,
    Path folder,
    Set<String> contentTypes,
    Path envelope,
    Optional<String> sink,
    Map<String, Directions> entities) {

  /** Which ways an entity is translated. */
  public record Directions(boolean fromErp, boolean toErp) {}

  /** The mapping of an entity, when the connector translates it in this direction. */
  public Optional<Path> mapping(String entity, Direction direction) {
    Directions directions = entities.get(entity);
    if (directions == null
        || !(direction == Direction.FROM_ERP ? directions.fromErp() : directions.toErp())) {
      return Optional.empty();
    }
    return Optional.of(folder.resolve("mappings/" + entity + "." + direction.text() + ".jslt"));
  }
}
