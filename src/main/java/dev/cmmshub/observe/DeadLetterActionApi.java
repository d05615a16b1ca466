package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.recovery.letter.LetterDiscards;
import dev.cmmshub.recovery.letter.LetterFilter;
import dev.cmmshub.recovery.letter.LetterId;
import dev.cmmshub.recovery.letter.LetterReplays;
import dev.cmmshub.recovery.letter.Letters;
import dev.cmmshub.recovery.letter.ReplayRuns;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code /admin/v1/dead-letters}: replaying and discarding, one or by filter. By filter nothing is
 * done without {@code confirm=true}, and without any filter not without {@code all=true}.
 */
public final class DeadLetterActionApi implements AdminRoutes {
  private static final int MOST_AT_ONCE = 1000;
  private static final Pattern RUN =
      Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int USUAL_RATE = 50;
  private static final int HIGHEST_RATE = 10_000;

  private final Letters letters;
  private final LetterReplays replays;
  private final ReplayRuns runs;
  private final LetterDiscards discards;
  private final Clock clock;

  public DeadLetterActionApi(
      Letters letters,
      LetterReplays replays,
      ReplayRuns runs,
      LetterDiscards discards,
      Clock clock) {
    this.letters = letters;
    this.replays = replays;
    this.runs = runs;
    this.discards = discards;
    this.clock = clock;
  }

  @Override
  public void addTo(Router router) {
    String path = DeadLetterApi.PATH;
    router.post(path + "/replay").handler(AdminAnswer.by(this::replaySome));
    router.post(path + "/discard").handler(AdminAnswer.by(this::discardSome));
    router.post(path + "/:id/replay").handler(AdminAnswer.by(this::replay));
    router.post(path + "/:id/discard").handler(AdminAnswer.by(this::discard));
    router.get("/admin/v1/replays/:id").handler(AdminAnswer.by(this::progress));
  }

  private AdminAnswer replay(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of());
    LetterReplays.Replayed replayed =
        replays.one(request.id(), request.version(), request.operator());
    return AdminAnswer.json(
        Json.mapper()
            .createObjectNode()
            .put("id", replayed.id().toString())
            .put("replay", replayed.replay())
            .put("run", replayed.run().toString()));
  }

  private AdminAnswer replaySome(RoutingContext context) throws SQLException {
    AdminRequest request =
        new AdminRequest(context, LetterFilter.NAMES, "confirm", "all", "rate", "run");
    LetterFilter filter = some(request);
    int rate = request.number("rate", USUAL_RATE, 1, HIGHEST_RATE);
    Optional<UUID> run = request.text("run").map(DeadLetterActionApi::run);
    if (!request.isTrue("confirm")) {
      return wouldDo(filter);
    }
    LetterReplays.Part part = replays.some(filter, run, MOST_AT_ONCE, rate, request.operator());
    return AdminAnswer.json(
        Json.mapper()
            .createObjectNode()
            .put("dryRun", false)
            .put("run", part.run().toString())
            .put("putBack", part.putBack())
            .put("left", part.left())
            .put("remaining", part.remaining()));
  }

  private AdminAnswer discard(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, List.of());
    LetterId id =
        discards.one(request.id(), request.version(), reason(request), request.operator());
    return AdminAnswer.json(Json.mapper().createObjectNode().put("id", id.toString()));
  }

  private AdminAnswer discardSome(RoutingContext context) throws SQLException {
    AdminRequest request = new AdminRequest(context, LetterFilter.NAMES, "confirm", "all");
    LetterFilter filter = some(request);
    // A rehearsal refuses what the performance would.
    String reason = LetterDiscards.required(reason(request));
    if (!request.isTrue("confirm")) {
      return wouldDo(filter);
    }
    int discarded = discards.all(filter, MOST_AT_ONCE, reason, request.operator());
    return AdminAnswer.json(
        Json.mapper()
            .createObjectNode()
            .put("dryRun", false)
            .put("discarded", discarded)
            .put("remaining", total(letters.count(filter))));
  }

  private AdminAnswer progress(RoutingContext context) throws SQLException {
    UUID run = run(new AdminRequest(context, List.of()).id());
    return AdminAnswer.json(LetterJson.of(runs.progress(run)).put("run", run.toString()));
  }

  private AdminAnswer wouldDo(LetterFilter filter) throws SQLException {
    ObjectNode counts = LetterJson.counts(letters.count(filter));
    return AdminAnswer.json(
        counts.put("dryRun", true).put("how", "nothing was done; confirm=true does it"));
  }

  private LetterFilter some(AdminRequest request) {
    if (request.only(LetterFilter.NAMES).isEmpty() && !request.isTrue("all")) {
      throw AdminRequest.wrong("all", "expected a filter, or all=true for every dead letter");
    }
    return DeadLetterApi.filter(request, clock);
  }

  private static long total(Map<String, Long> byClass) {
    return byClass.values().stream().mapToLong(Long::longValue).sum();
  }

  private static UUID run(String text) {
    // UUID takes 1-2-3-4-5 as well.
    if (!RUN.matcher(text).matches()) {
      throw AdminRequest.wrong("run", "expected the id of a replay run");
    }
    return UUID.fromString(text);
  }

  /** Null when it is not said. */
  private static String reason(AdminRequest request) {
    if (request.body().length == 0) {
      return null;
    }
    try {
      JsonNode body = Json.read(request.body());
      return Optional.ofNullable(body.get("reason"))
          .filter(JsonNode::isTextual)
          .map(reason -> AdminRequest.storable("reason", reason.asText()))
          .orElse(null);
    } catch (MalformedPayloadException e) {
      throw AdminRequest.wrong("body", "expected {\"reason\": \"…\"}; " + e.getMessage());
    }
  }
}
