package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.tenant.BatchDefinition.By;
import dev.cmmshub.tenant.BatchDefinition.Since;
import dev.cmmshub.yaml.Field;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the fields of one definition.
 *
 * @param field where it stands
 * @param base what counts where the field says nothing
 */
record BatchFields(Field field, Optional<BatchDefinition> base) {
  private static final Pattern WINDOW =
      Pattern.compile("(([01][0-9]|2[0-3]):[0-5][0-9])-(([01][0-9]|2[0-3]):[0-5][0-9])");

  /**
   * Notes what is wrong; nothing comes back then.
   *
   * @param resources what can be read of such a system
   * @param connector the system's
   */
  Optional<BatchDefinition> read(
      String id, String system, Set<String> resources, String connector) {
    List<String> entities = entities(resources, connector);
    Optional<ZoneId> zone = zone();
    Optional<CronSchedule> schedule = zone.flatMap(this::schedule);
    Optional<String> hours = text("window").or(() -> base.flatMap(BatchDefinition::windowText));
    Optional<QuietHours> window =
        zone.flatMap(
            there -> hours.flatMap(text -> field.at("window").read(() -> window(text, there))));
    Optional<Since> since = text("since").flatMap(text -> at("since").read(() -> Since.of(text)));
    Optional<By> by = text("by").map(text -> By.valueOf(text.toUpperCase(Locale.ROOT)));
    if (!field.isSound()) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchDefinition(
            id,
            system,
            entities,
            schedule.orElseThrow(),
            window,
            since.or(() -> base.map(BatchDefinition::since)).orElse(Since.LAST),
            at("after").isGiven()
                ? at("after").texts()
                : base.map(BatchDefinition::after).orElse(List.of()),
            by.or(() -> base.map(BatchDefinition::by)).orElse(By.HUB),
            at("enabled").flag(base.map(BatchDefinition::enabled).orElse(true))));
  }

  private Field at(String name) {
    return field.at(name);
  }

  private Optional<String> text(String name) {
    return at(name).text();
  }

  private List<String> entities(Set<String> resources, String connector) {
    if (!at("entities").isGiven()) {
      if (base.isEmpty()) {
        field.wrong("'entities' is missing: what is loaded, such as [part]");
      }
      return base.map(BatchDefinition::entities).orElse(List.of());
    }
    for (Field entity : at("entities").items()) {
      entity
          .text()
          .filter(name -> !resources.contains(name))
          .ifPresent(
              name ->
                  entity.wrong(
                      resources.isEmpty()
                          ? "connector " + connector + " has no resources: it cannot be read"
                          : unknown(
                              name,
                              resources,
                              "expected one of the resources of connector " + connector)));
    }
    return at("entities").texts();
  }

  private Optional<ZoneId> zone() {
    Optional<String> name = text("timezone");
    if (name.isEmpty()) {
      return at("timezone").isSound()
          ? Optional.of(base.map(one -> one.schedule().zone()).orElse(ZoneId.of("UTC")))
          : Optional.empty();
    }
    Set<String> known = ZoneId.getAvailableZoneIds();
    if (!known.contains(name.get())) {
      at("timezone")
          .wrong(
              "'"
                  + name.get()
                  + "': "
                  + Nearest.didYouMean(name.get(), known)
                  + "expected a time zone such as Europe/Berlin");
      return Optional.empty();
    }
    return name.map(ZoneId::of);
  }

  private Optional<CronSchedule> schedule(ZoneId zone) {
    Optional<String> text = text("schedule").or(() -> base.map(one -> one.schedule().text()));
    if (text.isEmpty() && at("schedule").isSound()) {
      field.wrong("'schedule' is missing: when it begins, such as \"0 2 * * *\"");
    }
    return text.flatMap(given -> at("schedule").read(() -> CronSchedule.of(given, zone)));
  }

  private static QuietHours window(String text, ZoneId zone) {
    Matcher matcher = WINDOW.matcher(text);
    if (!matcher.matches() || matcher.group(1).equals(matcher.group(3))) {
      throw new IllegalArgumentException(
          "'" + text + "': expected two different times of a day, such as 22:00-06:00");
    }
    return new QuietHours(
        LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(3)), zone);
  }

  /** Says what is right instead. */
  static String unknown(String name, Collection<String> names, String expected) {
    return "'"
        + name
        + "': "
        + Nearest.didYouMean(name, names)
        + expected
        + ": "
        + String.join(", ", new TreeSet<>(names));
  }
}
