package dev.cmmshub.egress;

/**
 * For whom an address is called.
 *
 * @param name of a system or a webhook's subscription
 */
public record EgressTarget(String tenant, String name) {
  /** Of a call that does not say for whom it is: what one target alone may reach, it may not. */
  public static final EgressTarget UNKNOWN = new EgressTarget("unknown", "unknown");

  /** As the setting and metrics write it. */
  @Override
  public String toString() {
    return tenant + '/' + name;
  }
}
