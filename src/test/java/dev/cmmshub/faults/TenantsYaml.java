package dev.cmmshub.faults;

import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;

/** The tenants.yaml of three tenants on two shards, and how an admin changes it. */
final class TenantsYaml {
  private final Map<String, String> keys = new TreeMap<>();
  private final Path file;

  /**
   * @param file is written
   * @param prefix of the tenants' names
   */
  TenantsYaml(Path file, String prefix, HookReceiver hooks) throws IOException {
    this.file = file;
    SecureRandom random = new SecureRandom();
    StringBuilder yaml =
        new StringBuilder("defaults: {retry: {schedule: [1s, 2s, 5s]}}\ntenants:\n");
    for (String name : List.of("harbor", "north", "river")) {
      String tenant = prefix + '-' + name;
      keys.put(tenant, KeyHash.newKey(random));
      yaml.append(
          """
            %s:
              enabled: true
              shard: %s
              keys: [{id: k, sha256: "%s"}]
              systems: {sap: {connector: sap-s4hana}}
              subscriptions: [{to: "%s", events: ["*"], secret: "{{env:HOOK_SECRET}}"}]
          """
              .formatted(
                  tenant,
                  name.equals("harbor") ? "a" : "b",
                  KeyHash.of(keys.get(tenant)),
                  hooks.address(tenant)));
    }
    Files.writeString(file, yaml);
  }

  /** The API key of each tenant. */
  Map<String, String> keys() {
    return keys;
  }

  /** Turns one tenant on or off. */
  void enable(String tenant, boolean enabled) throws IOException {
    edit(tenant, "enabled: (true|false)", "enabled: " + enabled);
  }

  /** More webhooks for all events of a tenant. */
  void subscribe(String tenant, List<String> addresses) throws IOException {
    StringBuilder more = new StringBuilder("subscriptions: [");
    for (int i = 0; i < addresses.size(); i++) {
      more.append("{id: more-" + i + ", to: \"")
          .append(addresses.get(i))
          .append("\", events: [\"*\"], secret: \"{{env:HOOK_SECRET}}\"}, ");
    }
    edit(tenant, "subscriptions: \\[", more.toString());
  }

  /**
   * Changes a tenant's first match in tenants.yaml, as an admin's editor would: another file takes
   * its place.
   */
  void edit(String tenant, String pattern, String replacement) throws IOException {
    String text = text();
    int from = text.indexOf("  " + tenant + ":\n");
    put(
        text.substring(0, from)
            + text.substring(from).replaceFirst(pattern, Matcher.quoteReplacement(replacement)));
  }

  String text() throws IOException {
    return Files.readString(file);
  }

  /** Puts another file in its place. */
  void put(String text) throws IOException {
    Path next = Files.writeString(file.resolveSibling("tenants.next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Changes every match.
   *
   * @param torn whether the file is written over in two steps, and half of it stands there for 40
   *     ms
   */
  void rewrite(String pattern, String replacement, boolean torn) throws IOException {
    String text = text().replaceAll(pattern, Matcher.quoteReplacement(replacement));
    if (torn) {
      Files.writeString(file, text.substring(0, text.length() / 2));
      FaultServers.pause(40);
      Files.writeString(file, text.substring(text.length() / 2), StandardOpenOption.APPEND);
    } else {
      put(text);
    }
  }
}
