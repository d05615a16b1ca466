package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cmmshub.connector.ErrorRule.Next;
import dev.cmmshub.connector.ErrorRule.Statuses;
import dev.cmmshub.tenant.Units;
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

  /**
   * The rules in their order.
   *
   * @throws IllegalArgumentException naming the field and what is expected there
   */
  static ErrorRules read(JsonNode errors) {
    List<ErrorRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : errors) {
      String field = "errors[" + rules.size() + "]";
      ErrorRule rule = rule(field, node);
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException(
            field + ".name: '" + rule.name() + "': expected a name no other rule has");
      }
      rules.add(rule);
    }
    return new ErrorRules(rules);
  }

  private static ErrorRule rule(String field, JsonNode node) {
    String name = node.get("name").asText();
    Next next = Next.valueOf(node.get("verdict").asText().toUpperCase(Locale.ROOT));
    if (next == Next.NEVER && node.has("schedule")) {
      throw new IllegalArgumentException(
          field + ".schedule: expected none, since with 'verdict: never' nothing is tried again");
    }
    String errorClass = node.path("class").asText(name);
    if (RESERVED.contains(errorClass)) {
      throw new IllegalArgumentException(
          field
              + (node.has("class") ? ".class: '" : ".name: '")
              + errorClass
              + "': expected a word the hub does not use itself for another kind of failure");
    }
    return new ErrorRule(
        name,
        statuses(node.path("status")),
        Optional.ofNullable(node.get("body")).map(body -> pattern(field + ".body", body.asText())),
        next,
        Optional.ofNullable(node.get("schedule")).map(pauses -> schedule(field, pauses)),
        errorClass,
        node.path("reason").asText(""));
  }

  /** A number, {@code 5xx}, or a list of both. */
  private static List<Statuses> statuses(JsonNode node) {
    List<Statuses> statuses = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(one -> statuses.addAll(statuses(one)));
    } else if (node.isInt()) {
      statuses.add(new Statuses(node.asInt(), node.asInt()));
    } else if (node.isTextual()) {
      int hundreds = (node.asText().charAt(0) - '0') * 100;
      statuses.add(new Statuses(hundreds, hundreds + 99));
    }
    return statuses;
  }

  private static Pattern pattern(String field, String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          field
              + ": '"
              + regex
              + "': expected a regular expression of RE2 ("
              + e.getDescription()
              + ")",
          e);
    }
  }

  private static List<Duration> schedule(String field, JsonNode pauses) {
    List<Duration> schedule = new ArrayList<>();
    for (JsonNode pause : pauses) {
      schedule.add(Units.duration(field + ".schedule[" + schedule.size() + "]", pause.asText()));
    }
    return schedule;
  }
}
