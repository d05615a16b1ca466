package dev.cmmshub.tenant;

/** A value that cannot print. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
