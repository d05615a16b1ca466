package dev.cmmshub.tenant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves <code>{{env:NAME}}</code> and <code>{{file:/path}}</code>; files lose their final line
 * break.
 */
final class SecretReferences {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{(env|file):([^}]+)}}");

  private final Map<String, String> environment;

  SecretReferences(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Whether the value is nothing but one reference. */
  static boolean isReference(String value) {
    return REFERENCE.matcher(value).matches();
  }

  /** The value where nobody looks a reference up: empty if it is nothing but one. */
  static Secret unresolved(String value) {
    return new Secret(isReference(value) ? "" : REFERENCE.matcher(value).replaceAll("unknown"));
  }

  /**
   * Returns the value with each reference replaced.
   *
   * @throws IllegalArgumentException that names the reference which leads nowhere
   */
  Secret resolve(String value) {
    Matcher matcher = REFERENCE.matcher(value);
    return new Secret(
        matcher.replaceAll(
            match -> Matcher.quoteReplacement(resolve(match.group(1), match.group(2).trim()))));
  }

  private String resolve(String kind, String name) {
    if (kind.equals("env")) {
      String found = environment.get(name);
      if (found == null) {
        throw new IllegalArgumentException(
            "{{env:" + name + "}}: the environment has no variable of this name; set it");
      }
      return found;
    }
    try {
      return Files.readString(Path.of(name)).stripTrailing();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "{{file:" + name + "}}: cannot be read; check the path and its permissions", e);
    }
  }
}
