package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.HashMap;
import java.util.Map;

/** The tokens of all hooks of one file, so that no two systems have the same. */
final class HookTokens {
  private final Map<String, String> owners = new HashMap<>();

  /**
   * Notes it when another system has the token, or the same one twice.
   *
   * @param owner tenant and system
   */
  void claim(String owner, String token, Field field) {
    String other = owners.putIfAbsent(token, owner);
    if (other != null) {
      field.wrong(
          "is also a token of "
              + other
              + "; a token must decide tenant and system: make another by ./hub tenant hook new");
    }
  }
}
