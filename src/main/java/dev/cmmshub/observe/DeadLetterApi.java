package dev.cmmshub.observe;

import dev.cmmshub.recovery.letter.LetterFilter;
import dev.cmmshub.recovery.letter.Letters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Clock;

/** {@code /admin/v1/dead-letters}: finding, looking at and editing. */
public final class DeadLetterApi implements AdminRoutes {
  static final String PATH = "/admin/v1/dead-letters";
  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private final Letters letters;
  private final Clock clock;

  public DeadLetterApi(Letters letters, Clock clock) {
    this.letters = letters;
    this.clock = clock;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::list));
    router.get(PATH + "/count").handler(AdminAnswer.by(this::count));
  }

  private AdminAnswer list(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, LetterFilter.NAMES, "limit");
    return AdminAnswer.json(
        LetterJson.all(
            letters.newest(filter(request, clock), request.number("limit", USUAL, 1, MOST))));
  }

  private AdminAnswer count(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, LetterFilter.NAMES);
    return AdminAnswer.json(LetterJson.counts(letters.count(filter(request, clock))));
  }

  static LetterFilter filter(AdminRequest request, Clock clock) {
    return LetterFilter.of(request.only(LetterFilter.NAMES), clock.instant());
  }
}
