package dev.cmmshub.observe;

import dev.cmmshub.recovery.letter.Operator;
import dev.cmmshub.recovery.letter.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was asked of the administration port. A parameter nobody knows is refused: a filter with a
 * typing error would mean everything.
 */
final class AdminRequest {
  private static final Pattern VERSION = Pattern.compile("\"?([0-9]{1,6})\"?");

  private final RoutingContext context;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  AdminRequest(RoutingContext context, Collection<String> filters, String... others) {
    this.context = context;
    Set<String> known = new HashSet<>(filters);
    known.addAll(List.of(others));
    for (String name : context.queryParams().names()) {
      List<String> values = context.queryParams().getAll(name);
      if (!known.contains(name)) {
        throw wrong(name, "no such parameter; expected some of " + new TreeSet<>(known));
      }
      if (values.size() > 1 || values.get(0).isBlank()) {
        throw wrong(name, "expected one value");
      }
      parameters.put(name, storable(name, values.get(0)));
    }
  }

  /** Those of the parameters that these names have. */
  Map<String, String> only(Collection<String> names) {
    Map<String, String> some = new LinkedHashMap<>(parameters);
    some.keySet().retainAll(names);
    return some;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  boolean isTrue(String name) {
    return text(name)
        .map(
            value -> {
              if (!Set.of("true", "false").contains(value)) {
                throw wrong(name, "expected true or false");
              }
              return value.equals("true");
            })
        .orElse(false);
  }

  int number(String name, int otherwise, int least, int most) {
    String value = parameters.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value.matches("[0-9]{1,7}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong(name, "expected a number from " + least + " to " + most);
  }

  /** The part of the path that names what is meant. */
  String id() {
    return path("id");
  }

  String path(String name) {
    return storable(name, context.pathParam(name));
  }

  /** PostgreSQL has no texts with U+0000. */
  static String storable(String name, String text) {
    if (text.indexOf('\0') >= 0) {
      throw wrong(name, "expected a text without the character U+0000");
    }
    return text;
  }

  /** Whose key it is; the audit keeps it. */
  Operator operator() {
    return new Operator(AdminGuard.of(context).id());
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  /** The version the operator looked at, by {@code If-Match}; empty when any will do. */
  OptionalInt version() {
    String given = header("If-Match").orElse("*");
    if (given.equals("*")) {
      return OptionalInt.empty();
    }
    Matcher version = VERSION.matcher(given);
    if (!version.matches()) {
      throw wrong("If-Match", "expected a version such as \"0\", as the payload's ETag says it");
    }
    return OptionalInt.of(Integer.parseInt(version.group(1)));
  }

  byte[] body() {
    return context.body().buffer() == null ? new byte[0] : context.body().buffer().getBytes();
  }

  static Refusal wrong(String name, String expected) {
    return new Refusal(Refusal.Kind.WRONG, name, name + ": " + expected);
  }
}
