package dev.cmmshub.openapi;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares what was sent and answered with the OpenAPI document.
 *
 * <p>An answer has to be described always: its status, headers, media type and shape. A request has
 * to be described if it succeeded: what the hub takes is in the document. One that was refused may
 * be anything, and may go to a path that does not exist.
 */
public final class ApiCheck {
  private final ApiDocument document = ApiDocument.served();
  private final RequestCheck requests = new RequestCheck();
  private final AnswerCheck answers = new AnswerCheck();

  /**
   * Fails the test with what is not as described, a line each.
   *
   * @param administration whether it was sent to the administration port
   * @throws AssertionError if anything is not
   */
  public void check(boolean administration, HttpRequest request, HttpResponse<String> answer) {
    String path = request.uri().getRawPath();
    Optional<Operation> operation =
        document.find(administration, request.method(), path).filter(Operation::isDescribed);
    List<String> mistakes =
        operation
            .map(found -> mistakes(found, request, answer))
            .orElseGet(() -> answers.ofNothing(answer));
    if (!mistakes.isEmpty()) {
      throw new AssertionError(
          "openapi.yaml does not say what happened: %s %s (%s), answered %d:%n- %s"
              .formatted(
                  request.method(),
                  request.uri(),
                  operation.map(Operation::toString).orElse("no such operation"),
                  answer.statusCode(),
                  String.join("\n- ", mistakes)));
    }
  }

  private List<String> mistakes(
      Operation operation, HttpRequest request, HttpResponse<String> answer) {
    Stream<String> sent =
        answer.statusCode() < 400 ? requests.mistakes(operation, request) : Stream.of();
    return Stream.concat(sent, answers.mistakes(operation, answer)).toList();
  }
}
