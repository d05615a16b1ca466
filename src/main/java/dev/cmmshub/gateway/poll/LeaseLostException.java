package dev.cmmshub.gateway.poll;

/** Another process polls the resource now. */
final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLostException() {
    super("another process polls this resource now", null, false, false);
  }
}
