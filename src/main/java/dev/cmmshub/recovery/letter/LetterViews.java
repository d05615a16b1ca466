package dev.cmmshub.recovery.letter;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.AuditLog;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what an operator must know to decide about a dead letter. */
public final class LetterViews {
  private static final int MOST_AUDIT_ROWS = 100;
  private static final String HISTORY =
      "SELECT step, at, detail, attempt, reason FROM event_history(?, ?::uuid)";
  private static final String EDITS =
      """
      SELECT version, edited_at, edited_by, octet_length(data) FROM dead_letter_edit
       WHERE tenant_id = ? AND event_id = ?::uuid AND stage = ? AND subscription = ?
       ORDER BY version
      """;
  private static final String NEWER =
      """
      SELECT source_version FROM entity
       WHERE tenant_id = ? AND entity = ? AND id = ?::uuid AND source_version > ?
      """;

  private final Letters letters;
  private final Rehearsals rehearsals;

  public LetterViews(Letters letters, Rehearsals rehearsals) {
    this.letters = letters;
    this.rehearsals = rehearsals;
  }

  /** The bytes that are used, and their version. */
  public record Payload(LetterId id, byte[] bytes, String contentType, int version) {}

  /**
   * The payload as it is.
   *
   * @param name the letter's id, or as much of it as is unambiguous
   */
  public Payload payload(String name) throws SQLException {
    LetterContent content = content(letters.find(name));
    return new Payload(
        content.id(), content.payload(), content.event().contentType(), content.version());
  }

  /**
   * Everything, with what the stage would make of it now.
   *
   * @param name the letter's id, or as much of it as is unambiguous
   */
  public LetterView show(String name) throws SQLException {
    Letter letter = letters.find(name);
    LetterContent content = content(letter);
    Event event = content.event();
    Rehearsals.Result now = rehearsals.of(content.failed(content.payload()));
    return letters
        .shard(letter)
        .transaction(
            List.of(letter.id().tenant()),
            connection ->
                new LetterView(
                    letter,
                    Json.read(content.attributes().getBytes(StandardCharsets.UTF_8)),
                    event.contentType(),
                    content.payload(),
                    content.died(),
                    content.version(),
                    Optional.ofNullable(now.accepted()),
                    Optional.ofNullable(now.failure()),
                    newer(connection, event),
                    history(connection, letter.id()),
                    edits(connection, letter.id()),
                    AuditLog.newest(connection, letter.id().toString(), MOST_AUDIT_ROWS)));
  }

  private LetterContent content(Letter letter) throws SQLException {
    Optional<LetterContent> content =
        letters
            .shard(letter)
            .transaction(
                List.of(letter.id().tenant()),
                connection -> LetterRow.read(connection, letter.id()));
    return content.isPresent() ? content.get() : gone(letter);
  }

  private LetterContent gone(Letter letter) throws SQLException {
    throw letters.gone(letter.id().toString());
  }

  private static Optional<Long> newer(Connection connection, Event event) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWER)) {
      statement.setString(1, event.key().tenant());
      statement.setString(2, event.key().entity());
      statement.setString(3, EventIds.ofObject(event.key()).toString());
      statement.setLong(4, event.version());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  private static List<LetterView.Step> history(Connection connection, LetterId id)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(HISTORY)) {
      statement.setString(1, id.tenant());
      statement.setString(2, id.eventId());
      List<LetterView.Step> steps = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          steps.add(
              new LetterView.Step(
                  rows.getString(1),
                  rows.getTimestamp(2).toInstant(),
                  rows.getString(3),
                  rows.getInt(4),
                  rows.getString(5)));
        }
      }
      return steps;
    }
  }

  private static List<LetterView.Edit> edits(Connection connection, LetterId id)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EDITS)) {
      statement.setString(1, id.tenant());
      statement.setString(2, id.eventId());
      statement.setString(3, id.stage());
      statement.setString(4, id.subscription());
      List<LetterView.Edit> edits = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          edits.add(
              new LetterView.Edit(
                  rows.getInt(1),
                  rows.getTimestamp(2).toInstant(),
                  rows.getString(3),
                  rows.getInt(4)));
        }
      }
      return edits;
    }
  }
}
