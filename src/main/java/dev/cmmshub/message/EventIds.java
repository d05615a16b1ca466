package dev.cmmshub.message;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/**
 * Names events and canonical objects by UUID version 5 (RFC 9562), so that saying it twice is one.
 */
public final class EventIds {
  private static final UUID NAMESPACE =
      UuidCreator.getNameBasedSha1(
          UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "cmmshub.dev");

  private EventIds() {}

  /** The id of one version of one object: a poll or push of the same version has the same id. */
  public static UUID ofVersion(EventKey key, long sourceVersion) {
    return UuidCreator.getNameBasedSha1(
        NAMESPACE,
        key.tenant()
            + '|'
            + key.source()
            + '|'
            + key.entity()
            + '|'
            + key.externalId()
            + '|'
            + sourceVersion);
  }

  /** The id of what was sent under an {@code Idempotency-Key}, whatever its body says. */
  public static UUID ofIdempotencyKey(String tenant, String source, String idempotencyKey) {
    return UuidCreator.getNameBasedSha1(
        NAMESPACE, tenant + '|' + source + "|idempotency-key|" + idempotencyKey);
  }

  /**
   * The id of what was sent as CloudEvents, whose source and id name an event.
   *
   * @param source of the system, in the hub
   * @param eventSource as the sender says it, without line breaks
   */
  public static UUID ofCloudEvent(
      String tenant, String source, String eventSource, String eventId) {
    return UuidCreator.getNameBasedSha1(
        NAMESPACE, tenant + '|' + source + "|cloudevent|" + eventSource + '\n' + eventId);
  }

  /** The id of a bulk load that its sender names. */
  public static UUID ofBulkJob(String tenant, String source, String name) {
    return UuidCreator.getNameBasedSha1(NAMESPACE, tenant + '|' + source + "|bulk|" + name);
  }

  /** The id of some rows of a bulk load. */
  public static UUID ofBulkChunk(UUID job, int number) {
    return UuidCreator.getNameBasedSha1(NAMESPACE, job + "|" + number);
  }

  /** The id of what digests tell of some rows of a bulk load. */
  public static UUID ofDigest(UUID job, int number, String entity) {
    return UuidCreator.getNameBasedSha1(NAMESPACE, job + "|" + number + '|' + entity);
  }

  /** Tells causes apart; not a secret, so no secure random source is asked. */
  public static UUID random() {
    return UuidCreator.getRandomBasedFast();
  }

  /** The canonical id of the object, the same for all its versions. */
  public static UUID ofObject(EventKey key) {
    return UuidCreator.getNameBasedSha1(NAMESPACE, key.toString());
  }
}
