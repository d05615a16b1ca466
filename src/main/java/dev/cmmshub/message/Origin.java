package dev.cmmshub.message;

import java.util.UUID;

/**
 * How the hub got an event and what it made of it. Nothing of it is the sender's to say.
 *
 * @param receivedBy {@code key:<id>}, {@code certificate:<id>}, {@code token:<id>}, {@code
 *     hook:<system>} {@code poll:<resource>} or {@code bulk:<job>}, or null when that was not noted
 * @param api version of the API it came by, or null when nobody called
 * @param mapping what translated it, or null before; known between translation and shard only
 */
public record Origin(String receivedBy, String api, MappingUsed mapping) {
  public static final Origin UNKNOWN = new Origin(null, null, null);

  private static final String BULK = "bulk:";

  /** What came as a row of a bulk load. */
  public static Origin ofBulk(UUID job) {
    return of(BULK + job, null);
  }

  public boolean isBulk() {
    return receivedBy != null && receivedBy.startsWith(BULK);
  }

  /** Before the translation. */
  public static Origin of(String receivedBy, String api) {
    return receivedBy == null && api == null ? UNKNOWN : new Origin(receivedBy, api, null);
  }
}
