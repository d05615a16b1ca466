package dev.cmmshub.cli.demo;

import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes the demo's tenants.yaml, with hashes of keys and references to secrets as everybody's. */
public final class DemoTenants {
  private static final String TEMPLATE =
      """
      defaults:
        retry: {schedule: [1s, 2s, 5s], maxAge: 1h}
      tenants:
        north:
          keys: [{id: demo, sha256: "%1$s", can: [publish, read, bulk]}]
          systems:
            sap:
              connector: sap-s4hana
              parameters: {baseUrl: "%4$s", username: HUB, password: "{{file:%6$s/sap-password}}"}
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "%5$s", apiToken: "{{file:%6$s/cmms-token}}"}
          subscriptions:
            - {to: cmms, events: [workorder.*, part.*]}
            - {to: sap, events: [purchasedocument.*]}
        river:
          keys: [{id: demo, sha256: "%2$s", can: [publish, read, bulk]}]
          systems:
            odoo: {connector: odoo}
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "%5$s", apiToken: "{{file:%6$s/cmms-token}}"}
          subscriptions:
            - {to: cmms, events: ["*"]}
          flows:
            - {from: odoo, within: 15m}
        harbor:
          shard: b
          keys: [{id: demo, sha256: "%3$s", can: [publish, read, bulk]}]
          systems:
            erp: {connector: generic-soap}
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "%5$s", apiToken: "{{file:%6$s/cmms-token}}"}
          subscriptions:
            - {to: cmms, events: [workorder.*]}
            - {to: "%5$s/hook", events: ["*"], secret: "{{file:%6$s/hook-secret}}"}
      """;

  private DemoTenants() {}

  /** Returns the file. */
  public static Path write(Path folder, DemoSecrets secrets, Counterparts counterparts)
      throws IOException {
    Path secretFolder = folder.resolve("secrets").toAbsolutePath();
    Files.createDirectories(
        secretFolder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(secretFolder.resolve("sap-password"), secrets.sapPassword());
    Files.writeString(secretFolder.resolve("cmms-token"), secrets.cmmsToken());
    Files.writeString(secretFolder.resolve("hook-secret"), secrets.hookSecret());
    return Files.writeString(
        folder.resolve("tenants.yaml"),
        TEMPLATE.formatted(
            KeyHash.of(secrets.keys().get("north")),
            KeyHash.of(secrets.keys().get("river")),
            KeyHash.of(secrets.keys().get("harbor")),
            counterparts.sapAddress(),
            counterparts.cmmsAddress(),
            secretFolder));
  }
}
