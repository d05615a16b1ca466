package dev.cmmshub.message;

/** Checks the short names that appear in keys, topics, paths and metrics. */
public final class Names {
  private static final int LONGEST = 40;

  private Names() {}

  /**
   * Returns the name itself when it is 1 to 40 characters of {@code a-z}, {@code 0-9} and hyphen
   * and starts with a letter or digit.
   *
   * @throws IllegalArgumentException that names the kind and says what was expected
   */
  public static String require(String kind, String name) {
    if (isValid(name)) {
      return name;
    }
    throw new IllegalArgumentException(
        kind + " '" + name + "': expected 1 to 40 characters of a-z, 0-9 and hyphen");
  }

  /** Whether {@link #require} would return it. */
  public static boolean isValid(String name) {
    if (name == null || name.isEmpty() || name.length() > LONGEST || name.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
        return false;
      }
    }
    return true;
  }
}
