package dev.cmmshub.transform;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles each mapping once. */
public final class MappingCache {
  private final FunctionLibrary functions;
  private final Map<Path, Mapping> mappings = new ConcurrentHashMap<>();

  public MappingCache(FunctionLibrary functions) {
    this.functions = functions;
  }

  /**
   * The compiled mapping of a file.
   *
   * @throws TransformException when it cannot be read or does not compile, with line and column
   */
  public Mapping get(Path file) {
    return mappings.computeIfAbsent(file, f -> Mapping.compile(f, functions));
  }
}
