package dev.cmmshub.gateway.version;

import dev.cmmshub.gateway.ProblemDocument;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks at the first segment of each path, before any route: a version that is deprecated says so
 * in every answer, one that is retired or does not exist names those that do.
 *
 * <p>Sources: RFC 9745 ({@code Deprecation}), RFC 8594 ({@code Sunset}), RFC 5829 ({@code
 * successor-version}).
 */
public final class VersionGate {
  private static final String VERSION = "hub.version";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern LIKE_A_VERSION = Pattern.compile("/v[0-9]+(/.*)?");

  /** What can stand in a header as it is. */
  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9/._~%-]*");

  /** A version and what its answers bear; null where they bear nothing. */
  private record Served(
      ApiVersion version, String prefix, String deprecation, String sunset, String links) {
    boolean isQuiet() {
      return deprecation == null && sunset == null;
    }
  }

  private final ApiVersions versions;
  private final Clock clock;
  private final List<Served> served;

  public VersionGate(ApiVersions versions, Clock clock) {
    this.versions = versions;
    this.clock = clock;
    this.served = versions.all().stream().map(VersionGate::served).toList();
  }

  private static Served served(ApiVersion version) {
    List<String> links = new ArrayList<>();
    version
        .link()
        .ifPresent(
            link -> {
              version.deprecation().ifPresent(s -> links.add(link(link, "deprecation")));
              version.sunset().ifPresent(s -> links.add(link(link, "sunset")));
            });
    return new Served(
        version,
        '/' + version.name() + '/',
        version.deprecation().map(since -> "@" + since.getEpochSecond()).orElse(null),
        version.sunset().map(HTTP_DATE::format).orElse(null),
        links.isEmpty() ? null : String.join(", ", links));
  }

  private static String link(Object target, String relation) {
    return "<" + target + ">; rel=\"" + relation + '"';
  }

  /** Lets it look at everything that comes to this router, and publishes the versions there. */
  public void guard(Router router) {
    router.route().handler(this::look);
    router
        .get("/versions")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(versions.json(clock.instant()))));
  }

  /** The version a request is for, or null when its path begins with none. */
  public static String of(RoutingContext request) {
    return request.get(VERSION);
  }

  private void look(RoutingContext context) {
    String path = context.normalizedPath();
    for (Served one : served) {
      if (path.startsWith(one.prefix())) {
        enter(context, one, path);
        return;
      }
    }
    if (LIKE_A_VERSION.matcher(path).matches()) {
      refuse(context, 404, "unknown-version", "there is no such version: " + inWords());
    } else {
      context.next();
    }
  }

  private void enter(RoutingContext context, Served one, String path) {
    if (!one.isQuiet()) {
      announce(context.response(), one, path.substring(one.prefix().length()));
      Instant now = clock.instant();
      if (one.version().isRetired(now)) {
        refuse(
            context,
            410,
            "version-retired",
            one.version().name() + " is answered no more since " + one.sunset() + ": " + inWords());
        return;
      }
    }
    context.put(VERSION, one.version().name());
    context.next();
  }

  private static void announce(HttpServerResponse response, Served one, String rest) {
    if (one.deprecation() != null) {
      response.putHeader("Deprecation", one.deprecation());
    }
    if (one.sunset() != null) {
      response.putHeader("Sunset", one.sunset());
    }
    String links = one.links();
    if (one.version().successor().isPresent() && PLAIN_PATH.matcher(rest).matches()) {
      String successor =
          link('/' + one.version().successor().get() + '/' + rest, "successor-version");
      links = links == null ? successor : links + ", " + successor;
    }
    if (links != null) {
      response.putHeader("Link", links);
    }
  }

  private String inWords() {
    Instant now = clock.instant();
    return versions.all().stream()
            .filter(version -> !version.isRetired(now))
            .map(version -> version.name() + " (" + version.status(now) + ")")
            .collect(Collectors.joining(", ", "use ", ""))
        + "; /versions tells more";
  }

  private static void refuse(RoutingContext context, int status, String code, String detail) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", ProblemDocument.CONTENT_TYPE)
        .end(Buffer.buffer(ProblemDocument.render(status, code, detail, false)));
  }
}
