package dev.cmmshub;

import dev.cmmshub.yaml.Mistake;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** Tells what Camel does not understand in routes and Kamelets; starts none of them. */
public final class RouteCheck implements AutoCloseable {
  private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

  private final DefaultCamelContext camel = new DefaultCamelContext(false);

  public RouteCheck() {
    camel.build();
  }

  /** The first thing in a file that is not Camel's YAML DSL. */
  public Optional<Mistake> mistake(Path file) {
    try {
      Resource resource =
          PluginHelper.getResourceLoader(camel).resolveResource("file:" + file.toAbsolutePath());
      PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(mistake(file, e));
    }
  }

  private static Mistake mistake(Path file, Exception error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    Matcher place = PLACE.matcher(message);
    String what = message.lines().findFirst().orElse(message).trim();
    return place.find()
        ? new Mistake(
            file, Integer.parseInt(place.group(1)), Integer.parseInt(place.group(2)), "", what)
        : new Mistake(file, what);
  }

  @Override
  public void close() {
    camel.stop();
  }
}
