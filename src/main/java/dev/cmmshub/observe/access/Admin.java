package dev.cmmshub.observe.access;

import dev.cmmshub.message.Names;

/**
 * Somebody who may use the administration port; only the hash of the key is known.
 *
 * @param id stands in the audit for what was done with it
 * @param sha256 lower-case hex of the key's SHA-256
 */
public record Admin(String id, String sha256, Role role) {
  public Admin {
    Names.require("admin", id);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "admin '" + id + "': sha256: expected 64 hexadecimal digits in lower case");
    }
  }
}
