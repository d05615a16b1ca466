package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.AuditLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalInt;

/** Gives dead letters up for good. They are kept with who did it, when and why. */
public final class LetterDiscards {
  private static final int LONGEST_REASON = 1000;

  private final LetterChange change;

  public LetterDiscards(Letters letters) {
    this.change = new LetterChange(letters);
  }

  /**
   * Discards one and notes it in the audit.
   *
   * @param name the letter's id, or as much of it as is unambiguous
   * @param seen version of the payload the operator looked at; empty when any will do
   * @throws Refusal without a reason, or when another one was quicker
   */
  public LetterId one(String name, OptionalInt seen, String reason, Operator operator)
      throws SQLException {
    String why = required(reason);
    return change.one(
        name,
        seen,
        (connection, letter) -> {
          discard(connection, letter, why, operator);
          return letter.id();
        });
  }

  /**
   * Discards those that match.
   *
   * @return how many; if it is {@code most}, there may be more
   */
  public int all(LetterFilter filter, int most, String reason, Operator operator)
      throws SQLException {
    String why = required(reason);
    return change.all(
        filter,
        most,
        (connection, letter) -> {
          discard(connection, letter, why, operator);
          return null;
        });
  }

  /**
   * The reason as it will be kept.
   *
   * @throws Refusal if there is none, or too much of it
   */
  public static String required(String reason) {
    if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new Refusal(
          Refusal.Kind.WRONG,
          "reason",
          "reason: expected why it is given up, 1 to " + LONGEST_REASON + " characters");
    }
    return reason.strip();
  }

  private static void discard(
      Connection connection, LetterContent letter, String reason, Operator operator)
      throws SQLException {
    LetterRow.keepDiscarded(connection, letter.id(), operator, reason);
    LetterRow.delete(connection, letter.id());
    ObjectNode detail =
        Json.mapper()
            .createObjectNode()
            .put("reason", reason)
            .put("errorClass", letter.errorClass())
            .put("payload", LetterContent.sha256(letter.payload()));
    AuditLog.append(
        connection,
        letter.id().tenant(),
        operator.name(),
        "discarded",
        letter.id().toString(),
        detail.toString());
  }
}
