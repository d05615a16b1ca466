package dev.cmmshub.connector;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cmmshub.connector.ErrorRule.Next;
import dev.cmmshub.connector.ErrorRule.Statuses;
import dev.cmmshub.tenant.Units;
import dev.cmmshub.yaml.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code errors} of a manifest that fits its JSON Schema. */
final class ErrorRulesReader {
  /** Classes the hub judges by itself; a rule that used one would be taken for that. */
  private static final Set<String> RESERVED =
      Set.of(
          "behind",
          "breaker",
          "busy",
          "disabled",
          "found",
          "gone",
          "malformed",
          "mapping",
          "schema",
          "skipped",
          "store",
          "timeout",
          "unknown",
          "unknown-tenant",
          "unsubscribed");

  private ErrorRulesReader() {}

  /** The rules in their order; what is wrong with them is noted. */
  static ErrorRules read(Field errors) {
    List<ErrorRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field field : errors.items()) {
      if (field.isSound()) {
        ErrorRule rule = rule(field);
        if (!names.add(rule.name())) {
          field.at("name").wrong("'" + rule.name() + "': expected a name no other rule has");
        }
        rules.add(rule);
      }
    }
    return new ErrorRules(rules);
  }

  private static ErrorRule rule(Field field) {
    String name = field.at("name").text().orElseThrow();
    Next next = Next.valueOf(field.at("verdict").text().orElseThrow().toUpperCase(Locale.ROOT));
    Field schedule = field.at("schedule");
    if (next == Next.NEVER && schedule.isGiven()) {
      schedule.wrong("expected none, since with 'verdict: never' nothing is tried again");
    }
    Field classed = field.at("class").isGiven() ? field.at("class") : field.at("name");
    String errorClass = classed.text().orElse(name);
    if (RESERVED.contains(errorClass)) {
      classed.wrong(
          "'"
              + errorClass
              + "': expected a word the hub does not use itself for another kind of failure");
    }
    Field body = field.at("body");
    return new ErrorRule(
        name,
        statuses(field.at("status")),
        body.text().flatMap(regex -> body.read(() -> pattern(regex))),
        next,
        schedule.isGiven() ? Optional.of(pauses(schedule)) : Optional.empty(),
        errorClass,
        field.at("reason").text().orElse(""));
  }

  /** A number, {@code 5xx}, or a list of both. */
  private static List<Statuses> statuses(Field field) {
    List<Statuses> statuses = new ArrayList<>();
    field.items().forEach(one -> statuses.addAll(statuses(one)));
    field.text().map(ErrorRulesReader::range).ifPresent(statuses::add);
    return statuses;
  }

  private static Statuses range(String text) {
    int hundreds = (text.charAt(0) - '0') * 100;
    return text.endsWith("xx")
        ? new Statuses(hundreds, hundreds + 99)
        : new Statuses(Integer.parseInt(text), Integer.parseInt(text));
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + regex + "': expected a regular expression of RE2 (" + e.getDescription() + ")", e);
    }
  }

  private static List<Duration> pauses(Field schedule) {
    List<Duration> pauses = new ArrayList<>();
    for (Field pause : schedule.items()) {
      pause.text().flatMap(text -> pause.read(() -> Units.duration(text))).ifPresent(pauses::add);
    }
    return pauses;
  }
}
