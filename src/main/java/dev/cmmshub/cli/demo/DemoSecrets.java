package dev.cmmshub.cli.demo;

import dev.cmmshub.tenant.KeyHash;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys and secrets of one demo, new at each start. */
public record DemoSecrets(
    Map<String, String> keys, String sapPassword, String cmmsToken, String hookSecret) {
  static final List<String> TENANTS = List.of("north", "river", "harbor");
  private static final int HOOK_BYTES = 24;

  public static DemoSecrets make() {
    SecureRandom random = new SecureRandom();
    byte[] hook = new byte[HOOK_BYTES];
    random.nextBytes(hook);
    return new DemoSecrets(
        TENANTS.stream().collect(Collectors.toMap(t -> t, t -> KeyHash.newKey(random))),
        KeyHash.newKey(random),
        KeyHash.newKey(random),
        "whsec_" + Base64.getEncoder().encodeToString(hook));
  }

  @Override
  public String toString() {
    return "secrets of " + keys.keySet();
  }
}
