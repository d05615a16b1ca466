package dev.cmmshub.tenant;

/** Turns a value of the file, which may be a reference, into the secret. */
@FunctionalInterface
interface SecretResolver {
  /**
   * @param field named in the error when there is no such secret
   * @throws IllegalArgumentException naming the field
   */
  Secret resolve(String field, String value);
}
