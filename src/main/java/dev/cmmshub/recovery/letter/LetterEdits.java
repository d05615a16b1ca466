package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.AuditLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Lets another payload take the place of one that failed. Accepted is only what the stage would
 * accept now; every version is kept; of two who edit the same version at once one is refused.
 */
public final class LetterEdits {
  private final LetterChange change;
  private final Rehearsals rehearsals;

  public LetterEdits(Letters letters, Rehearsals rehearsals) {
    this.change = new LetterChange(letters);
    this.rehearsals = rehearsals;
  }

  /** What was edited, and the version it has now. */
  public record Edited(LetterId id, int version) {}

  /**
   * Edits and notes it in the audit. The event's id, key, version and content type stay.
   *
   * @param name the letter's id, or as much of it as is unambiguous
   * @param version the one the operator began with
   * @throws Refusal when the payload would fail again, saying where, or another one was quicker
   */
  public Edited edit(String name, int version, byte[] payload, Operator operator)
      throws SQLException {
    return change.one(
        name,
        OptionalInt.of(version),
        (connection, letter) -> edit(connection, letter, payload, operator));
  }

  private Edited edit(
      Connection connection, LetterContent letter, byte[] payload, Operator operator)
      throws SQLException {
    if (Arrays.equals(letter.payload(), payload)) {
      throw new Refusal(
          Refusal.Kind.UNACCEPTABLE, "unchanged", "the payload is the one it has already");
    }
    check(letter, payload);
    int next = letter.version() + 1;
    LetterRow.edit(connection, letter, payload, next, operator);
    ObjectNode detail =
        Json.mapper()
            .createObjectNode()
            .put("version", next)
            .put("before", LetterContent.sha256(letter.payload()))
            .put("after", LetterContent.sha256(payload))
            .put("bytes", payload.length);
    AuditLog.append(
        connection,
        letter.id().tenant(),
        operator.name(),
        "edited",
        letter.id().toString(),
        detail.toString());
    return new Edited(letter.id(), next);
  }

  private void check(LetterContent letter, byte[] payload) {
    Failure failure = rehearsals.of(letter.failed(payload)).failure();
    if (failure != null) {
      throw new Refusal(
          Refusal.Kind.UNACCEPTABLE,
          failure.errorClass(),
          "the edited payload would fail too, the old one is kept: " + failure.reason());
    }
  }
}
