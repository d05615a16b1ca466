package dev.cmmshub;

import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Who may use the administration port in a test, each with a key of their own. */
public final class TestAdmins {
  public static final String VIEWER = "vera";
  public static final String OPERATOR = "ann";
  public static final String ADMIN = "ada";

  private static final Map<String, String> ROLES =
      Map.of(
          VIEWER,
          "viewer",
          OPERATOR,
          "operator",
          "bob",
          "operator",
          "ines",
          "operator",
          "zoe",
          "operator",
          ADMIN,
          "admin");

  private final Path folder;
  private final Map<String, String> keys = new TreeMap<>();

  /**
   * Writes {@code admins.yaml} and a file with the key of each.
   *
   * @param folder must be there
   */
  public TestAdmins(Path folder) throws IOException {
    this.folder = folder;
    SecureRandom random = new SecureRandom();
    StringBuilder yaml = new StringBuilder("admins:\n");
    for (Map.Entry<String, String> one : new TreeMap<>(ROLES).entrySet()) {
      String key = KeyHash.newKey(random);
      keys.put(one.getKey(), key);
      Files.writeString(keyFile(one.getKey()), key + "\n");
      yaml.append(
          "  - {id: %s, sha256: \"%s\", role: %s}%n"
              .formatted(one.getKey(), KeyHash.of(key), one.getValue()));
    }
    Files.writeString(file(), yaml);
  }

  public Path file() {
    return folder.resolve("admins.yaml");
  }

  public String key(String who) {
    return keys.get(who);
  }

  /** All of them. */
  public Collection<String> keys() {
    return keys.values();
  }

  /** As {@code --key-file} takes it. */
  public Path keyFile(String who) {
    return folder.resolve(who + ".key");
  }
}
