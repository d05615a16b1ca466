package dev.cmmshub.connector;

import java.util.List;
import java.util.Optional;

/** The error rules of one connector, in the manifest's order: the first that matches counts. */
public record ErrorRules(List<ErrorRule> rules) {
  /** For a connector whose answers mean what HTTP says. */
  public static final ErrorRules NONE = new ErrorRules(List.of());

  public ErrorRules {
    rules = List.copyOf(rules);
  }

  /**
   * The rule for an answer.
   *
   * @param body the beginning of its body as text
   */
  public Optional<ErrorRule> match(int status, String body) {
    return rules.stream().filter(rule -> rule.matches(status, body)).findFirst();
  }

  /** The rule a failure names; a manifest that was changed since may not have it any more. */
  public Optional<ErrorRule> named(String name) {
    return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  /** Whether a success must be looked at, because some rule takes it for a failure. */
  public boolean judgeSuccess() {
    return rules.stream().anyMatch(ErrorRule::judgesSuccess);
  }
}
