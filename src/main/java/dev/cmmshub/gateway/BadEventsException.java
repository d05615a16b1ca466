package dev.cmmshub.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.ProblemException;

/** A batch of which nothing was taken, since something is wrong with some of its events. */
public final class BadEventsException extends ProblemException {
  private static final long serialVersionUID = 1L;
  private final ArrayNode errors;

  /**
   * @param errors each {@code {"index", "code", "detail"}}, counted from 0
   */
  private BadEventsException(ArrayNode errors, int events) {
    super(
        422,
        "bad-events",
        errors.size()
            + " of "
            + events
            + " events cannot be taken, so none was: mend or leave out those that errors lists");
    this.errors = errors;
  }

  byte[] document() {
    return ProblemDocument.render(status(), code(), getMessage(), false, errors);
  }

  /** Collects what is wrong. */
  static final class Errors {
    private final ArrayNode all = Json.mapper().createArrayNode();

    void add(int index, ProblemException problem) {
      all.addObject()
          .put("index", index)
          .put("code", problem.code())
          .put("detail", problem.getMessage());
    }

    void throwIfAny(int events) {
      if (!all.isEmpty()) {
        throw new BadEventsException(all, events);
      }
    }
  }
}
