package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import dev.cmmshub.tenant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command shows the administration port.
 *
 * @param key empty when there is none to show
 * @param from where it is from, or why there is none; for people
 */
record AdminCredential(Optional<Secret> key, String from) {
  static final String VARIABLE = "HUB_ADMIN_KEY";

  /**
   * The key of the file, else of the environment, else the one that a hub of this machine keeps in
   * its data directory: that one is shown to no other machine.
   *
   * @param file null when none is named
   */
  static AdminCredential find(URI admin, Path file, Map<String, String> environment) {
    if (file != null) {
      return new AdminCredential(Optional.of(AdminKeyFile.read(file)), file.toString());
    }
    String given = environment.get(VARIABLE);
    if (given != null && !given.isBlank()) {
      return new AdminCredential(Optional.of(new Secret(given.strip())), VARIABLE);
    }
    if (!isThisMachine(admin)) {
      return new AdminCredential(Optional.empty(), "for another machine none is taken by itself");
    }
    HubSettings settings =
        HubSettings.load(Path.of("application.properties"), environment, Map.of());
    AdminKeyFile kept = new AdminKeyFile(settings.path("hub.data.directory"));
    Optional<Secret> key = kept.read();
    return new AdminCredential(
        key, key.isPresent() ? kept.path().toString() : kept.path() + " is not there");
  }

  private static boolean isThisMachine(URI admin) {
    String host = String.valueOf(admin.getHost());
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
