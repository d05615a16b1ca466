package dev.cmmshub.gateway.soap;

/** The two versions, told apart by the envelope's namespace. */
public enum SoapVersion {
  V11("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8"),
  V12("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8");

  private final String namespace;
  private final String contentType;

  SoapVersion(String namespace, String contentType) {
    this.namespace = namespace;
    this.contentType = contentType;
  }

  public String namespace() {
    return namespace;
  }

  public String contentType() {
    return contentType;
  }

  static SoapVersion of(String namespace) {
    for (SoapVersion version : values()) {
      if (version.namespace.equals(namespace)) {
        return version;
      }
    }
    throw new SoapFaultException(
        V11,
        true,
        "malformed",
        "the root is not a SOAP envelope: expected one of "
            + V11.namespace
            + " (1.1) or "
            + V12.namespace
            + " (1.2)");
  }
}
