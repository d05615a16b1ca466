package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One function of the transformation library, found by {@link java.util.ServiceLoader}: a new one
 * is a class and a line in {@code META-INF/services}, and is known by its name in every mapping and
 * on the command line.
 *
 * <p>Functions are deterministic, do no I/O and may be called from any thread.
 */
public interface TransformFunction {
  /** In snake_case. */
  String name();

  /** Such as {@code add(a: decimal, b: decimal) -> decimal}. */
  String signature();

  /** One sentence. */
  String description();

  int minArguments();

  int maxArguments();

  /**
   * The result, never null (a JSON null instead).
   *
   * @throws TransformException naming the argument and what was expected
   */
  JsonNode apply(JsonNode[] arguments);
}
