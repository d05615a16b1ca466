package dev.cmmshub.tenant;

import java.util.Locale;

/** How a subscription is told of rows of bulk loads. */
public enum BulkNotice {
  /** Like of any other event. */
  EACH,
  /** Of many at once, by what changed. */
  DIGEST,
  /** Not at all. */
  NONE;

  /** As in {@code tenants.yaml}; which words these are is the schema's to say. */
  static BulkNotice of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
