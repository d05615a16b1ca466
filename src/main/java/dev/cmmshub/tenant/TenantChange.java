package dev.cmmshub.tenant;

/**
 * One thing that another version of {@code tenants.yaml} does.
 *
 * @param part {@code tenant}, {@code system}, {@code subscription}, {@code key}, {@code mapping},
 *     {@code retry}, {@code limits} or {@code shard}
 * @param name of the part, such as the system's; the tenant's own for a tenant
 * @param detail what is different; never a secret; empty when there is nothing more to say
 */
public record TenantChange(String tenant, String part, String name, Action action, String detail) {
  /** What becomes of the part. */
  public enum Action {
    /** It was not there, or was disabled. */
    STARTS,
    /** It is not there any more, or is disabled. */
    STOPS,
    /** It goes on in another way. */
    CHANGES
  }
}
