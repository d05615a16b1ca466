package dev.cmmshub.gateway.soap;

/** A message that is answered with a fault. */
public final class SoapFaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final SoapVersion version;
  private final boolean sender;
  private final String code;

  /**
   * @param sender whether the caller must change something
   */
  public SoapFaultException(SoapVersion version, boolean sender, String code, String reason) {
    super(reason, null, false, false);
    this.version = version;
    this.sender = sender;
    this.code = code;
  }

  public SoapVersion version() {
    return version;
  }

  public boolean sender() {
    return sender;
  }

  public String code() {
    return code;
  }
}
