package dev.cmmshub.recovery.letter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.AuditEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All there is to know of one dead letter.
 *
 * @param attributes of the event, CloudEvents names
 * @param payload the one that is used
 * @param died the one it died with
 * @param version of the newest edit; 0 without one
 * @param now what the stage would make of the payload now; empty when it would fail
 * @param failure why it would fail now; empty when it would not
 * @param newer version of the stored object, when it is newer than the event's
 */
public record LetterView(
    Letter letter,
    JsonNode attributes,
    String contentType,
    byte[] payload,
    byte[] died,
    int version,
    Optional<JsonNode> now,
    Optional<Failure> failure,
    Optional<Long> newer,
    List<Step> history,
    List<Edit> edits,
    List<AuditEntry> audit) {

  /** A step of the event's way. */
  public record Step(String step, Instant at, String to, int attempt, String reason) {}

  /** One edit; its bytes are kept too. */
  public record Edit(int version, Instant at, String by, int bytes) {}
}
