package dev.cmmshub.observe.access;

import java.util.Locale;

/** What a credential may do on the administration port; each may do what those before it may. */
public enum Role {
  /** Looks at everything, payloads of dead letters too, and changes nothing. */
  VIEWER,
  /** Edits, replays and discards dead letters and enables subscriptions. */
  OPERATOR,
  /** Everything, also what changes the configuration. */
  ADMIN;

  /**
   * Reads {@code viewer}, {@code operator} or {@code admin}.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  public static Role of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("'" + text + "': expected viewer, operator or admin");
  }

  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As in {@code admins.yaml}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
