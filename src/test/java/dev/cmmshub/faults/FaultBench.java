package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/** Servers that outlive the hub, three tenants with a webhook each, a ledger and a client. */
final class FaultBench implements AutoCloseable {
  static final String HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  final HookReceiver hooks = new HookReceiver();
  final Map<String, String> keys = new TreeMap<>();
  final EmbeddedServices servers;
  final HubProcess hub;
  final Ledger ledger;
  final LoadClient load;
  final Oracle oracle;

  FaultBench() throws IOException {
    Path folder = Files.createTempDirectory("cmms-hub-faults");
    servers = EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
    StringBuilder tenants =
        new StringBuilder("defaults: {retry: {schedule: [1s, 2s, 5s]}}\ntenants:\n");
    SecureRandom random = new SecureRandom();
    for (String tenant : new String[] {"north", "river", "harbor"}) {
      keys.put(tenant, KeyHash.newKey(random));
      tenants.append(
          """
            %s:
              keys: [{id: k, sha256: "%s"}]
              systems: {sap: {connector: sap-s4hana}}
              subscriptions: [{to: "%s", events: ["*"], secret: "{{env:HOOK_SECRET}}"}]
          """
              .formatted(tenant, KeyHash.of(keys.get(tenant)), hooks.address(tenant)));
    }
    Files.writeString(folder.resolve("tenants.yaml"), tenants);
    hub = new HubProcess(servers.addresses(), folder);
    ledger = new Ledger(folder.resolve("ledger"));
    load = new LoadClient(hub.port(), keys, ledger);
    oracle = new Oracle(servers.addresses().shards());
  }

  /** Secrets of this run that stand in the hub's log. */
  long secretsInLog() throws IOException {
    String log = Files.exists(hub.log()) ? Files.readString(hub.log()) : "";
    return java.util.stream.Stream.concat(
            keys.values().stream(),
            java.util.stream.Stream.of(HOOK_SECRET, servers.addresses().redisPassword()))
        .filter(log::contains)
        .count();
  }

  @Override
  public void close() throws IOException {
    load.stop();
    hub.kill();
    servers.close();
    hooks.close();
    ledger.close();
  }
}
