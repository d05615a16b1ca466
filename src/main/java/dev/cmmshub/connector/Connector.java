package dev.cmmshub.connector;

import dev.cmmshub.tenant.BatchDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One folder of {@code connectors/}.
 *
 * @param contentTypes media types its systems send; the first is the default
 * @param envelope mapping that tells what an incoming body is
 * @param sink name of the Kamelet that writes to the system, if it can be written to
 * @param source how the system is polled, if it can be
 * @param idempotencyKey whether its systems apply requests with the same {@code Idempotency-Key}
 *     once
 * @param errors what the system's answers mean where HTTP's own meaning does not do
 * @param hook how its systems sign what they post, if they do
 * @param codes code tables by name, which a tenant's own entries go before
 * @param batch loads that each of its systems has, until its tenant says otherwise
 */
public record Connector(
    String name,
    String title,
    Path folder,
    Set<String> contentTypes,
    Path envelope,
    Optional<String> sink,
    Optional<Source> source,
    Map<String, Directions> entities,
    boolean idempotencyKey,
    ErrorRules errors,
    Optional<HookScheme> hook,
    Map<String, Map<String, String>> codes,
    List<BatchDefinition> batch) {

  /**
   * Which ways an entity is translated.
   *
   * @param lookup how a system is asked whether it has one
   */
  public record Directions(boolean fromErp, boolean toErp, Optional<Lookup> lookup) {}

  /**
   * How a system is asked for an object by its external reference.
   *
   * @param request mapping that turns the canonical object into the request
   * @param found mapping that tells by {@code {status, body, entity}} whether it is there
   */
  public record Lookup(Path request, Path found) {}

  /**
   * How a system is read that does not push.
   *
   * @param kamelet its name
   * @param page mapping that tells what an answer holds and how to go on
   * @param resources what can be polled by name, each with the Kamelet parameters it means
   */
  public record Source(String kamelet, Path page, Map<String, Map<String, String>> resources) {}

  /** Names of what can be polled; none when it cannot be. */
  public Set<String> resources() {
    return source.map(found -> found.resources().keySet()).orElse(Set.of());
  }

  /** How a system is asked whether it has an object of this entity. */
  public Optional<Lookup> lookup(String entity) {
    return Optional.ofNullable(entities.get(entity)).flatMap(Directions::lookup);
  }

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
