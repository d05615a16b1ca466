package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Builds what traffic one tenant is told to have. */
final class FlowsBuilder {
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private FlowsBuilder() {}

  /**
   * @param systems what the tenant's systems are called
   * @param subscriptions what its subscriptions are called
   */
  static List<ExpectedFlow> build(Field flows, Set<String> systems, Set<String> subscriptions) {
    List<ExpectedFlow> built = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field field : flows.items()) {
      flow(field, systems, subscriptions)
          .ifPresent(
              flow -> {
                if (!names.add(flow.name())) {
                  field.wrong("there is another one " + flow.name() + ": say it once");
                }
                built.add(flow);
              });
    }
    return built;
  }

  private static Optional<ExpectedFlow> flow(
      Field field, Set<String> systems, Set<String> subscriptions) {
    boolean applied = field.at("from").isGiven();
    Field party = field.at(applied ? "from" : "to");
    party
        .text()
        .ifPresent(
            name ->
                known(
                    party,
                    name,
                    applied ? systems : subscriptions,
                    applied ? "systems" : "subscriptions"));
    Optional<Duration> within =
        field.at("within").text().flatMap(text -> field.at("within").read(() -> within(text)));
    Set<LocalDate> except =
        field.at("except").items().stream()
            .flatMap(day -> day.text().flatMap(text -> day.read(() -> date(text))).stream())
            .collect(Collectors.toSet());
    Optional<WorkingHours> hours =
        field
            .at("hours")
            .text()
            .map(text -> field.at("hours").read(() -> WorkingHours.of(text, except)))
            .orElse(Optional.of(WorkingHours.ALWAYS));
    if (!field.isSound()) {
      return Optional.empty();
    }
    return Optional.of(
        new ExpectedFlow(
            applied ? FlowStage.APPLIED : FlowStage.DELIVERED,
            party.text().orElseThrow(),
            field.at("entity").text(),
            within.orElseThrow(),
            hours.orElseThrow()));
  }

  private static void known(Field field, String name, Set<String> names, String what) {
    if (!names.contains(name)) {
      field.wrong(
          "'"
              + name
              + "': "
              + Nearest.didYouMean(name, names)
              + "expected one of the tenant's "
              + what
              + ": "
              + String.join(", ", new TreeSet<>(names)));
    }
  }

  private static Duration within(String text) {
    Duration within = Units.duration(text);
    if (within.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("'" + text + "': expected 1m or more");
    }
    return within;
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "': expected a day such as 2026-12-25", e);
    }
  }
}
