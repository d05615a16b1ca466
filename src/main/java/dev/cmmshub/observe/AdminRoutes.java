package dev.cmmshub.observe;

import io.vertx.ext.web.Router;

/** A part of the administration port. */
@FunctionalInterface
public interface AdminRoutes {
  void addTo(Router router);
}
