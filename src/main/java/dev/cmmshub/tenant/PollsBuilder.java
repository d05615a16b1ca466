package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Builds what one system is polled for. */
final class PollsBuilder {
  private final String connector;
  private final SystemKind kind;
  private final ParametersBuilder parameters;

  PollsBuilder(String connector, SystemKind kind, ParametersBuilder parameters) {
    this.connector = connector;
    this.kind = kind;
    this.parameters = parameters;
  }

  List<Poll> build(Field polls) {
    List<Poll> built = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Field field : polls.items()) {
      Field resource = field.at("resource");
      resource.text().ifPresent(name -> requireKnown(resource, name, seen));
      Map<String, Secret> own = parameters.build(field.at("parameters"));
      Optional<Instant> since =
          field.at("since").text().flatMap(text -> field.at("since").read(() -> Units.time(text)));
      if (field.isSound()) {
        Duration every = Units.duration(field.at("every").text().orElseThrow());
        field
            .at("every")
            .read(() -> new Poll(resource.text().orElseThrow(), every, since, own))
            .ifPresent(built::add);
      }
    }
    return built;
  }

  private void requireKnown(Field field, String name, Set<String> seen) {
    Set<String> resources = new TreeSet<>(kind.resources());
    if (resources.isEmpty()) {
      field.wrong("connector " + connector + " cannot be polled");
    } else if (!resources.contains(name)) {
      field.wrong(
          "'"
              + name
              + "': "
              + Nearest.didYouMean(name, resources)
              + "expected one of "
              + String.join(", ", resources));
    } else if (!seen.add(name)) {
      field.wrong("'" + name + "' is polled already; name it once");
    }
  }
}
