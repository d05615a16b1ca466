package dev.cmmshub.gateway.token;

import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.Identity;

/** Finds out whom tokens speak for. */
@FunctionalInterface
public interface Tokens {
  /** Whether a bearer credential can be meant as a token; no key that the hub makes can. */
  static boolean isLike(String credential) {
    return credential.startsWith("ey")
        && credential.chars().filter(character -> character == '.').count() == 2;
  }

  /**
   * Whom the token speaks for. Never waits for anything.
   *
   * @param sha256 of the token, in hex
   * @param tenants the version of tenants.yaml that decides
   * @throws TokenRefusedException when it speaks for nobody
   */
  Identity identity(String token, String sha256, Tenants tenants);
}
