package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Function;
import dev.cmmshub.message.Nearest;
import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * All functions by name. In a mapping they go before JSLT's own of the same name ({@code round},
 * {@code sum}, {@code split}, {@code replace}, {@code trim}, {@code flatten}, {@code string},
 * {@code number}); only a {@code def} of the mapping itself goes before them.
 */
public final class FunctionLibrary {
  private final Map<String, TransformFunction> functions = new TreeMap<>();

  private FunctionLibrary() {}

  /** What the class path offers. */
  public static FunctionLibrary load() {
    FunctionLibrary library = new FunctionLibrary();
    for (TransformFunction function : ServiceLoader.load(TransformFunction.class)) {
      TransformFunction other = library.functions.put(function.name(), function);
      if (other != null) {
        throw new IllegalStateException(
            "two functions are called "
                + function.name()
                + ": "
                + other.getClass().getName()
                + " and "
                + function.getClass().getName());
      }
    }
    return library;
  }

  /** In the order of their names. */
  public Collection<TransformFunction> all() {
    return functions.values();
  }

  boolean has(String name) {
    return functions.containsKey(name);
  }

  /**
   * The function that a call means.
   *
   * @throws IllegalArgumentException for an unknown name, telling the nearest ones, or a wrong
   *     number of arguments, telling the signature
   */
  public TransformFunction find(String name, int arguments) {
    TransformFunction function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException(unknown(name));
    }
    if (arguments < function.minArguments() || arguments > function.maxArguments()) {
      throw new IllegalArgumentException(
          name + ": got " + count(arguments) + ", expected " + function.signature());
    }
    return function;
  }

  /**
   * Calls a function.
   *
   * @throws IllegalArgumentException as {@link #find} does
   * @throws TransformException when the function refuses an argument
   */
  public JsonNode call(String name, JsonNode... arguments) {
    return find(name, arguments.length).apply(arguments);
  }

  private static String count(int arguments) {
    return arguments == 1 ? "1 argument" : arguments + " arguments";
  }

  private String unknown(String name) {
    return "no function '"
        + TransformException.shown(name)
        + "': "
        + Nearest.didYouMean(name, functions.keySet())
        + "./hub transform --list shows all";
  }

  /** The functions as JSLT calls them. */
  Collection<Function> forJslt() {
    return functions.values().stream().<Function>map(JsltFunction::new).toList();
  }

  private record JsltFunction(TransformFunction function) implements Function {
    @Override
    public String getName() {
      return function.name();
    }

    @Override
    public int getMinArguments() {
      return function.minArguments();
    }

    @Override
    public int getMaxArguments() {
      return function.maxArguments();
    }

    @Override
    public JsonNode call(JsonNode input, JsonNode[] arguments) {
      return function.apply(arguments);
    }
  }
}
