package dev.cmmshub.transform.function;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiled regular expressions (RE2: linear time, whatever the expression). */
final class Patterns {
  private static final int MOST = 1000;
  private final Map<String, Pattern> compiled = new ConcurrentHashMap<>();

  Pattern get(Arguments arguments, int index) {
    String regex = arguments.text(index);
    Pattern known = compiled.get(regex);
    if (known != null) {
      return known;
    }
    try {
      Pattern pattern = Pattern.compile(regex);
      // Mappings hold few; only expressions made of data could be many.
      if (compiled.size() < MOST) {
        compiled.put(regex, pattern);
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw arguments.expected(index, "a regular expression of RE2 (" + e.getDescription() + ")");
    }
  }
}
