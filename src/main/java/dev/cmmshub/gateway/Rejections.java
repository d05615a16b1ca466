package dev.cmmshub.gateway;

/** Hears of each request that was not taken; must return quickly. */
@FunctionalInterface
public interface Rejections {
  /**
   * @param tenant whose key it was, or {@code unknown}
   * @param code of the problem document
   */
  void rejected(String tenant, String code);
}
