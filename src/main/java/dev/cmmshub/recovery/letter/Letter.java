package dev.cmmshub.recovery.letter;

import java.time.Instant;

/**
 * A dead letter without its payload.
 *
 * @param key {@code tenant|system|entity|external id}
 * @param type CloudEvents type of the event
 * @param attempt how many times the stage was tried since the event was put back the last time
 * @param replay how many times it was put back
 * @param edit version of the payload that is used; 0 for what arrived
 * @param bytes length of the payload that arrived
 */
public record Letter(
    LetterId id,
    String key,
    String type,
    int attempt,
    int replay,
    int edit,
    Instant diedAt,
    String errorClass,
    String reason,
    int bytes,
    String shard) {}
