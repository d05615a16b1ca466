package dev.cmmshub.tenant;

import java.util.Locale;

/** Where an event of a flow has arrived. */
public enum FlowStage {
  /** It changed the canonical object; the party is the system it came from. */
  APPLIED,
  /** Its observer has it; the party is the subscription. */
  DELIVERED;

  /** As it is stored and shown. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this text. */
  public static FlowStage of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
