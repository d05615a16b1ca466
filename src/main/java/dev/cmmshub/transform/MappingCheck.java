package dev.cmmshub.transform;

import dev.cmmshub.yaml.Mistake;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what is wrong with mappings before an event needs them. */
public final class MappingCheck {
  /** As {@link Mapping#compile} tells it. */
  private static final Pattern TOLD = Pattern.compile("(?s)(.+?):(\\d+):(\\d+): (.+)");

  private final FunctionLibrary functions;

  public MappingCheck(FunctionLibrary functions) {
    this.functions = functions;
  }

  /** The first thing that keeps a mapping from being compiled. */
  public Optional<Mistake> mistake(Path file) {
    try {
      Mapping.compile(file, functions);
      return Optional.empty();
    } catch (TransformException e) {
      return Optional.of(mistake(file, e.getMessage()));
    }
  }

  private static Mistake mistake(Path file, String message) {
    Matcher told = TOLD.matcher(message);
    if (told.matches()) {
      return new Mistake(
          Path.of(told.group(1)),
          Integer.parseInt(told.group(2)),
          Integer.parseInt(told.group(3)),
          "",
          told.group(4));
    }
    String prefix = file + ": ";
    return new Mistake(
        file, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
  }
}
