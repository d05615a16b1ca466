package dev.cmmshub.tenant;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What an observer wants of the order of one business object's events while one of them fails. */
public enum DeliveryOrder {
  /** Later events wait behind the one that failed. */
  STRICT,
  /** Only the newest waits; it takes the place of those before it. */
  LATEST_WINS,
  /** Each event goes its own way. */
  NONE;

  /**
   * Reads {@code strict}, {@code latest-wins} or {@code none}.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  public static DeliveryOrder of(String text) {
    for (DeliveryOrder order : values()) {
      if (order.text().equals(text)) {
        return order;
      }
    }
    throw new IllegalArgumentException(
        "order: '"
            + text
            + "': expected "
            + Arrays.stream(values()).map(DeliveryOrder::text).collect(Collectors.joining(", ")));
  }

  /** As in {@code tenants.yaml}. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
