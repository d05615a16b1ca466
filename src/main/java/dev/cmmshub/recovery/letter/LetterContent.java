package dev.cmmshub.recovery.letter;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.AuditEntry;
import java.util.HexFormat;

/**
 * A dead letter with its payload.
 *
 * @param attributes the event's CloudEvents attributes, a JSON object
 * @param died the payload it died with
 * @param payload the one that is used: the newest edit, else {@code died}
 * @param edit number of that edit; 0 when there is none
 * @param version of the newest edit that ever was; rises with each
 */
record LetterContent(
    LetterId id,
    String attributes,
    byte[] died,
    byte[] payload,
    int edit,
    int version,
    int attempt,
    int replay,
    String errorClass,
    String reason) {

  /** The event with the payload that is used. */
  Event event() {
    return EventAttributes.toEvent(attributes, payload);
  }

  /** The same as if it had just failed with this payload. */
  FailedEvent failed(byte[] data) {
    return new FailedEvent(
        EventAttributes.toEvent(attributes, data),
        Failure.kept(
            id.stage(), errorClass, reason, id.subscription().isEmpty() ? null : id.subscription()),
        attempt);
  }

  /** Names a payload in the audit without showing it. */
  static String sha256(byte[] payload) {
    return HexFormat.of().formatHex(AuditEntry.sha256(payload));
  }
}
