package dev.cmmshub.observe;

import dev.cmmshub.observe.access.Admin;
import dev.cmmshub.observe.access.Admins;
import dev.cmmshub.observe.access.Role;
import dev.cmmshub.tenant.KeyHash;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets only requests through whose key is known and has the role for what they do. What is not
 * named here as an operator's needs an admin, so that something new is not open by being forgotten.
 */
final class AdminGuard implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminGuard.class);
  private static final String ADMIN = "admin";
  private static final String BEARER = "bearer ";
  private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /** What operators change. */
  private static final List<String> OPERATED =
      List.of("/admin/v1/dead-letters/", "/admin/v1/subscriptions/", "/admin/v1/batch/");

  private final Supplier<Admins> admins;
  private final MeterRegistry registry;

  AdminGuard(Supplier<Admins> admins, MeterRegistry registry) {
    this.admins = admins;
    this.registry = registry;
    List.of("unauthorized", "forbidden").forEach(code -> rejected(code, 0));
  }

  /** Who asks; only behind this guard. */
  static Admin of(RoutingContext context) {
    return context.get(ADMIN);
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<String> key = key(context.request());
    Optional<Admin> admin = key.map(KeyHash::of).flatMap(admins.get()::byKeyHash);
    Role needed = needed(context);
    if (admin.isEmpty()) {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"cmms-hub-admin\"");
      refuse(
          context,
          401,
          "unauthorized",
          key.isEmpty()
              ? "no key: send it as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'"
              : "the key is not known here: expected one of admins.yaml, not a tenant's",
          "somebody");
    } else if (!admin.get().role().covers(needed)) {
      refuse(
          context,
          403,
          "forbidden",
          "'"
              + admin.get().id()
              + "' is "
              + admin.get().role().text()
              + ": this needs "
              + needed.text(),
          admin.get().id());
    } else {
      context.put(ADMIN, admin.get());
      context.next();
    }
  }

  private static Optional<String> key(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.of(authorization.substring(BEARER.length()).trim());
    }
    return Optional.ofNullable(request.getHeader("X-API-Key"));
  }

  /** By the path that decides which handler is called. */
  private static Role needed(RoutingContext context) {
    if (LOOKING.contains(context.request().method())) {
      return Role.VIEWER;
    }
    String path = context.normalizedPath();
    return OPERATED.stream().anyMatch(path::startsWith) ? Role.OPERATOR : Role.ADMIN;
  }

  private void refuse(RoutingContext context, int status, String code, String detail, String who) {
    rejected(code, 1);
    AdminAnswer.by(
            asked -> {
              LOG.warn(
                  "Administration refused ({}) to {} at {}: {} {}",
                  code,
                  who,
                  asked.request().remoteAddress(),
                  asked.request().method(),
                  asked.normalizedPath());
              return AdminAnswer.problem(status, code, detail);
            })
        .handle(context);
  }

  private void rejected(String code, int times) {
    registry.counter("hub.admin.rejected", "code", code).increment(times);
  }
}
