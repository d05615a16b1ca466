package dev.cmmshub.tenant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

  /** The files that a text refers to; what no file's name can be is left out. */
  static Set<Path> filesIn(String text) {
    Set<Path> files = new HashSet<>();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals("file")) {
        try {
          files.add(Path.of(matcher.group(2).trim()));
        } catch (InvalidPathException e) {
          // Reading the file tells it, where it stands.
          continue;
        }
      }
    }
    return files;
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
      if (found.isEmpty()) {
        throw new IllegalArgumentException("{{env:" + name + "}}: is empty; set it");
      }
      return found;
    }
    String found = file(name);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("{{file:" + name + "}}: is empty; write the secret to it");
    }
    return found;
  }

  private static String file(String name) {
    try {
      return Files.readString(Path.of(name)).stripTrailing();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "{{file:" + name + "}}: cannot be read; check the path and its permissions", e);
    }
  }
}
