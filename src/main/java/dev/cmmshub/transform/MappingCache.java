package dev.cmmshub.transform;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles each mapping once, and once more when its file or one it imports has changed: a mended
 * mapping is in use within 100 ms. A change that does not compile is left aside and told in the
 * log; the mapping that worked stays in use.
 */
public final class MappingCache {
  private static final Logger LOG = LoggerFactory.getLogger(MappingCache.class);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final FunctionLibrary functions;
  private final Map<Path, InUse> mappings = new ConcurrentHashMap<>();

  /**
   * A mapping in use.
   *
   * @param wrong what is wrong with the file by now, or empty
   * @param lookedAt when that was found out, as {@link System#nanoTime()}
   */
  private record InUse(Mapping mapping, String wrong, long lookedAt) {
    boolean isFresh(long now) {
      return now - lookedAt < GLANCE_NANOS;
    }

    boolean isOld() {
      // A file that is wrong may be mended by another one, which the mapping in use does not know.
      return !wrong.isEmpty() || mapping.stamp().hasChanged();
    }
  }

  public MappingCache(FunctionLibrary functions) {
    this.functions = functions;
  }

  /**
   * The compiled mapping of a file.
   *
   * @throws TransformException when it never compiled, with line and column
   */
  public Mapping get(Path file) {
    InUse known = mappings.get(file);
    if (known == null || !known.isFresh(System.nanoTime())) {
      known = mappings.compute(file, this::look);
    }
    return known.mapping();
  }

  /**
   * What the file says now, compiled anew.
   *
   * @throws TransformException when it does not compile, even if an older one is in use
   */
  public Mapping fresh(Path file) {
    return Mapping.compile(file, functions);
  }

  private InUse look(Path file, InUse known) {
    long now = System.nanoTime();
    if (known == null) {
      return new InUse(Mapping.compile(file, functions), "", now);
    }
    if (known.isFresh(now)) {
      return known;
    }
    return known.isOld() ? again(file, known) : new InUse(known.mapping(), "", now);
  }

  private InUse again(Path file, InUse known) {
    try {
      Mapping mapping = Mapping.compile(file, functions);
      LOG.info("{} has changed and is in use", file);
      return new InUse(mapping, "", System.nanoTime());
    } catch (TransformException e) {
      if (!known.wrong().equals(e.getMessage())) {
        LOG.error("The mapping from before the change stays in use: {}", e.getMessage());
      }
      return new InUse(known.mapping(), e.getMessage(), System.nanoTime());
    }
  }
}
