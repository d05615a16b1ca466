package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Function;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All functions by name. In a mapping they go before JSLT's own of the same name. */
public final class FunctionLibrary {
  private static final int NEAREST = 3;

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

  public Collection<TransformFunction> all() {
    return functions.values();
  }

  /**
   * Calls a function.
   *
   * @throws TransformException for an unknown name, telling the nearest ones, or a wrong number of
   *     arguments, telling the signature
   */
  public JsonNode call(String name, JsonNode... arguments) {
    TransformFunction function = functions.get(name);
    if (function == null) {
      throw new TransformException(
          "no function '"
              + name
              + "': did you mean "
              + String.join(", ", nearest(name))
              + "? ./hub transform --list shows all");
    }
    return call(function, arguments);
  }

  private static JsonNode call(TransformFunction function, JsonNode[] arguments) {
    if (arguments.length < function.minArguments() || arguments.length > function.maxArguments()) {
      throw new TransformException(
          function.name()
              + ": got "
              + arguments.length
              + " arguments, expected "
              + function.signature());
    }
    return function.apply(arguments);
  }

  private List<String> nearest(String name) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return functions.keySet().stream()
        .sorted(Comparator.comparing(known -> distance.apply(name, known)))
        .limit(NEAREST)
        .collect(Collectors.toList());
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
