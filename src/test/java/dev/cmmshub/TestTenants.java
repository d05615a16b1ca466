package dev.cmmshub;

import dev.cmmshub.tenant.KeyHash;
import java.time.Duration;
import java.time.Instant;

/** Tenants that the shared hub has beside the demo's. */
public final class TestTenants {
  /** It expired an hour before the hub was started. */
  public static final String EXPIRED_KEY = "hub_test-of-a-key-that-is-over";

  /**
   * One polls a port where nobody is and has a load that comes again, and one has a key whose end
   * is near, so that their metrics are there.
   */
  private static final String YAML =
      """
        polled:
          systems:
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "http://127.0.0.1:9", apiToken: "{{env:ERP_PASSWORD}}"}
              poll: [{resource: workorder, every: 1h}]
          batch: [{id: orders-yearly, system: cmms, entities: [workorder], schedule: "0 0 1 1 *"}]
        lapsed:
          keys:
            - {id: over, sha256: "%s", expires: "%s"}
            - {id: soon, sha256: "%s", expires: "%s"}
      """;

  private TestTenants() {}

  static String more(Instant now) {
    return YAML.formatted(
        KeyHash.of(EXPIRED_KEY),
        now.minus(Duration.ofHours(1)),
        KeyHash.of("hub_test-of-a-key-that-ends-soon"),
        now.plus(Duration.ofDays(10)));
  }
}
