package dev.cmmshub.message;

/**
 * The business object an event is about. Order holds per key, never across keys.
 *
 * <p>As text: {@code tenant|system|entity|externalId}; only the external id may hold a bar itself.
 */
public record EventKey(String tenant, String system, String entity, String externalId) {
  private static final int LONGEST_EXTERNAL_ID = 255;

  public EventKey {
    Names.require("tenant", tenant);
    Names.require("system", system);
    Names.require("entity", entity);
    if (externalId == null || externalId.isBlank() || externalId.length() > LONGEST_EXTERNAL_ID) {
      throw new IllegalArgumentException("external id: expected 1 to 255 characters");
    }
    // No shard could keep it, not even as a dead letter.
    if (externalId.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("external id: expected no character U+0000");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when a part is missing or not valid
   */
  public static EventKey parse(String text) {
    int first = text.indexOf('|');
    int second = text.indexOf('|', first + 1);
    int third = text.indexOf('|', second + 1);
    if (first < 0 || second < 0 || third < 0) {
      throw new IllegalArgumentException("event key: expected tenant|system|entity|id");
    }
    return new EventKey(
        text.substring(0, first),
        text.substring(first + 1, second),
        text.substring(second + 1, third),
        text.substring(third + 1));
  }

  /** The CloudEvents {@code source}: {@code /tenants/{tenant}/systems/{system}}. */
  public String source() {
    return "/tenants/" + tenant + "/systems/" + system;
  }

  @Override
  public String toString() {
    return tenant + '|' + system + '|' + entity + '|' + externalId;
  }
}
