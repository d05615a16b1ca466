package dev.cmmshub.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.gateway.ProblemDocument;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.recovery.letter.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the administration port answers; errors are problem documents (RFC 9457). */
record AdminAnswer(int status, Map<String, String> headers, byte[] body) {
  private static final Logger LOG = LoggerFactory.getLogger(AdminAnswer.class);

  /** Makes an answer, off the event loop. */
  @FunctionalInterface
  interface Work {
    AdminAnswer answer(RoutingContext context) throws SQLException;
  }

  static AdminAnswer json(JsonNode document) {
    return new AdminAnswer(200, Map.of("Content-Type", "application/json"), Json.write(document));
  }

  /** Runs the work on a worker thread and sends what it gives, or why it does not. */
  static Handler<RoutingContext> by(Work work) {
    return context ->
        context
            .vertx()
            .executeBlocking(() -> work.answer(context), false)
            .otherwise(AdminAnswer::problem)
            .onSuccess(answer -> answer.send(context.response()));
  }

  private void send(HttpServerResponse response) {
    response.setStatusCode(status);
    headers.forEach(response::putHeader);
    response.putHeader("Cache-Control", "no-store").end(Buffer.buffer(body));
  }

  private static AdminAnswer problem(Throwable error) {
    if (error instanceof Refusal refusal) {
      return problem(status(refusal.kind()), refusal.code(), refusal.getMessage());
    }
    if (error instanceof ProblemException problem) {
      return problem(problem.status(), problem.code(), problem.getMessage());
    }
    if (error instanceof SQLException) {
      LOG.warn("A shard does not do what an operator asked for: {}", error.getMessage());
      return problem(
          503,
          "shard-unavailable",
          "a shard does not answer: ask again; what was done before is in the audit");
    }
    LOG.error("Administration request failed", error);
    return problem(500, "internal", "the hub failed on this request; its log tells more");
  }

  static AdminAnswer problem(int status, String code, String detail) {
    return new AdminAnswer(
        status,
        Map.of("Content-Type", ProblemDocument.CONTENT_TYPE),
        ProblemDocument.render(status, code, detail, status == 503));
  }

  private static int status(Refusal.Kind kind) {
    return switch (kind) {
      case WRONG -> 400;
      case UNKNOWN -> 404;
      case CONFLICT -> 409;
      case UNACCEPTABLE -> 422;
    };
  }
}
