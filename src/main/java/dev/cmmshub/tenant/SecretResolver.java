package dev.cmmshub.tenant;

/** Turns a value of the file, which may hold references, into the secret. */
@FunctionalInterface
interface SecretResolver {
  /**
   * @throws IllegalArgumentException naming the reference that leads nowhere, and what to do
   */
  Secret resolve(String value);
}
