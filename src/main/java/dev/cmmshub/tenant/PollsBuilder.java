package dev.cmmshub.tenant;

import dev.cmmshub.tenant.TenantsDocument.PollNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Builds what one system is polled for. */
final class PollsBuilder {
  private final String connector;
  private final SystemKind kind;

  PollsBuilder(String connector, SystemKind kind) {
    this.connector = connector;
    this.kind = kind;
  }

  /**
   * @param field where the nodes stand
   * @param secrets resolves references, with the field to name in an error
   */
  List<Poll> build(String field, List<PollNode> nodes, SecretResolver secrets) {
    List<Poll> polls = new ArrayList<>();
    Set<String> resources = kind.resources();
    Set<String> seen = new HashSet<>();
    for (PollNode node : nodes) {
      if (!resources.contains(node.resource())) {
        throw new IllegalArgumentException(
            field
                + ".resource: '"
                + node.resource()
                + "': "
                + (resources.isEmpty()
                    ? "connector " + connector + " cannot be polled"
                    : "expected one of " + new TreeSet<>(resources)));
      }
      if (!seen.add(node.resource())) {
        throw new IllegalArgumentException(
            field + ".resource: '" + node.resource() + "' is polled already; name it once");
      }
      polls.add(poll(field + "." + node.resource(), node, secrets));
    }
    return polls;
  }

  private Poll poll(String field, PollNode node, SecretResolver secrets) {
    Map<String, Secret> parameters = new TreeMap<>();
    if (node.parameters() != null) {
      SystemsBuilder.requireKnown(
          field + ".parameters", connector, node.parameters().keySet(), kind);
      node.parameters()
          .forEach(
              (name, value) ->
                  parameters.put(name, secrets.resolve(field + ".parameters." + name, value)));
    }
    try {
      return new Poll(
          node.resource(),
          Units.duration("every", node.every()),
          Optional.ofNullable(node.since()).map(PollsBuilder::time),
          parameters);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + "." + e.getMessage(), e);
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "since: '" + text + "': expected a time such as 2026-01-31T00:00:00Z", e);
    }
  }
}
