package dev.cmmshub.bench;

import dev.cmmshub.tenant.KeyHash;

/** A {@code tenants.yaml} of many tenants that push, some of which subscribe too. */
final class ManyTenants {
  private ManyTenants() {}

  /**
   * @param changed how many times the one in the middle was changed
   */
  static String yaml(int number, int changed) {
    StringBuilder text = new StringBuilder(512 * number);
    text.append("defaults:\n  limits: {requestsPerSecond: 100, burst: 200}\ntenants:\n");
    for (int i = 0; i < number; i++) {
      int rate = i == number / 2 ? 20 + changed % 1000 : 20;
      text.append("  tenant-").append(i).append(":\n    keys:\n      - {id: erp, sha256: \"");
      text.append(KeyHash.of("bench" + i)).append("\", can: [publish, read]}\n");
      text.append("    limits: {requestsPerSecond: ").append(rate).append("}\n    systems:\n");
      text.append("      sap: {connector: sap-s4hana}\n");
    }
    return text.toString();
  }
}
