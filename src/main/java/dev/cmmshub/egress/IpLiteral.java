package dev.cmmshub.egress;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Reads addresses that are written out. IPv4 in the notations of {@code inet_aton} (decimal, octal,
 * hexadecimal, fewer parts) is read as C libraries and browsers read it: Java takes {@code
 * 0177.0.0.1} for 177.0.0.1, others for 127.0.0.1.
 */
final class IpLiteral {
  private static final IPAddressStringParameters ANY_NOTATION =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowMask(false)
          .allowPrefix(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .allow_inet_aton(true)
          .toParams();

  private IpLiteral() {}

  /**
   * The address, if the host is one; IPv4-mapped IPv6 is the IPv4 address that it means.
   *
   * @param host of a URL; IPv6 may stand in brackets
   */
  static Optional<InetAddress> read(String host) {
    String text =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    IPAddress address = new IPAddressString(text, ANY_NOTATION).getAddress();
    return address == null ? Optional.empty() : Optional.of(of(address.getBytes()));
  }

  private static InetAddress of(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }
}
