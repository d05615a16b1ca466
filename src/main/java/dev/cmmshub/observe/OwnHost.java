package dev.cmmshub.observe;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lets only requests through that name this server by an address, as localhost or by a name without
 * a dot. A web page that made its own name point here (DNS rebinding) is refused before anything
 * else is looked at: a browser on the same machine reaches the port.
 */
final class OwnHost implements Handler<RoutingContext> {
  private static final Pattern PLAIN =
      Pattern.compile("(?:\\[[0-9a-f:.]+]|[0-9.]+|[a-z0-9_-]+)(?::[0-9]+)?");

  private final String configured;

  /**
   * @param configured the host the port listens on, a good name too
   */
  OwnHost(String configured) {
    this.configured = configured.toLowerCase(Locale.ROOT);
  }

  @Override
  public void handle(RoutingContext context) {
    String host = String.valueOf(context.request().getHeader("Host")).toLowerCase(Locale.ROOT);
    if (PLAIN.matcher(host).matches() || host.replaceFirst(":[0-9]+$", "").equals(configured)) {
      context.next();
    } else {
      AdminAnswer.by(
              ignored ->
                  AdminAnswer.problem(
                      421,
                      "host",
                      "the administration port is asked by its address or as localhost"))
          .handle(context);
    }
  }
}
