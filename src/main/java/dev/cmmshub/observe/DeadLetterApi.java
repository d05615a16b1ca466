package dev.cmmshub.observe;

import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.letter.LetterEdits;
import dev.cmmshub.recovery.letter.LetterFilter;
import dev.cmmshub.recovery.letter.LetterViews;
import dev.cmmshub.recovery.letter.Letters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code /admin/v1/dead-letters}: finding, looking at and editing. */
public final class DeadLetterApi implements AdminRoutes {
  static final String PATH = "/admin/v1/dead-letters";
  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private final Letters letters;
  private final LetterViews views;
  private final LetterEdits edits;
  private final Clock clock;

  public DeadLetterApi(Letters letters, LetterViews views, LetterEdits edits, Clock clock) {
    this.letters = letters;
    this.views = views;
    this.edits = edits;
    this.clock = clock;
  }

  @Override
  public void addTo(Router router) {
    router.get(PATH).handler(AdminAnswer.by(this::list));
    router.get(PATH + "/count").handler(AdminAnswer.by(this::count));
    router.get(PATH + "/:id").handler(AdminAnswer.by(this::show));
    router.get(PATH + "/:id/payload").handler(AdminAnswer.by(this::payload));
    router.put(PATH + "/:id/payload").handler(AdminAnswer.by(this::edit));
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

  private AdminAnswer show(RoutingContext context) throws SQLException {
    return AdminAnswer.json(LetterJson.view(views.show(new AdminRequest(context, List.of()).id())));
  }

  /** Never as a page: a browser must not run what an ERP sent. */
  private AdminAnswer payload(RoutingContext context) throws SQLException {
    LetterViews.Payload payload = views.payload(new AdminRequest(context, List.of()).id());
    return new AdminAnswer(
        200,
        Map.of(
            "Content-Type",
            payload.contentType(),
            "ETag",
            "\"" + payload.version() + "\"",
            "Content-Disposition",
            "attachment",
            "X-Content-Type-Options",
            "nosniff"),
        payload.bytes());
  }

  private AdminAnswer edit(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of());
    OptionalInt seen = request.version();
    if (seen.isEmpty()) {
      return AdminAnswer.problem(
          428,
          "if-match",
          "If-Match: expected the version that was edited, as the payload's ETag says it");
    }
    LetterEdits.Edited edited =
        edits.edit(request.id(), seen.getAsInt(), request.body(), request.operator());
    return AdminAnswer.json(
        Json.mapper()
            .createObjectNode()
            .put("id", edited.id().toString())
            .put("version", edited.version()));
  }

  static LetterFilter filter(AdminRequest request, Clock clock) {
    return LetterFilter.of(request.only(LetterFilter.NAMES), clock.instant());
  }
}
