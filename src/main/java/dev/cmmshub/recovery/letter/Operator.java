package dev.cmmshub.recovery.letter;

/** Who acts, by the id of their credential; the audit keeps it. */
public record Operator(String name) {
  private static final int LONGEST = 100;

  public Operator {
    if (name == null
        || name.isBlank()
        || name.length() > LONGEST
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new Refusal(
          Refusal.Kind.WRONG,
          "operator",
          "who acts is not said: expected a name of 1 to 100 characters");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
