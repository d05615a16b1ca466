package dev.cmmshub.egress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Knows which addresses are globally reachable. Source: the IANA IPv4 and IPv6 Special-Purpose
 * Address Registries (RFC 6890, RFC 8190), where a block that is not globally reachable is left out
 * whole, and multicast (RFC 5771, RFC 4291). Of IPv6 only global unicast, 2000::/3, and NAT64 are
 * in use; what is assigned some day outside of them is not reachable before it is added here.
 */
final class GlobalAddresses {
  private static final List<IPAddress> SPECIAL =
      blocks(
          "0.0.0.0/8", // this network, unspecified (RFC 791)
          "10.0.0.0/8", // private (RFC 1918)
          "100.64.0.0/10", // carrier-grade NAT (RFC 6598)
          "127.0.0.0/8", // loopback (RFC 1122)
          "169.254.0.0/16", // link-local, metadata of clouds (RFC 3927)
          "172.16.0.0/12", // private (RFC 1918)
          "192.0.0.0/24", // protocol assignments (RFC 6890)
          "192.0.2.0/24", // documentation (RFC 5737)
          "192.88.99.0/24", // 6to4 relays (RFC 7526)
          "192.168.0.0/16", // private (RFC 1918)
          "198.18.0.0/15", // benchmarks (RFC 2544)
          "198.51.100.0/24", // documentation (RFC 5737)
          "203.0.113.0/24", // documentation (RFC 5737)
          "224.0.0.0/4", // multicast (RFC 5771)
          "240.0.0.0/4", // reserved, broadcast (RFC 1112, RFC 8190)
          "2001::/23", // protocol assignments, Teredo, ORCHID (RFC 2928)
          "2001:db8::/32", // documentation (RFC 3849)
          "3fff::/20"); // documentation (RFC 9637)

  private static final IPAddress GLOBAL_UNICAST = block("2000::/3");
  private static final IPAddress NAT64 = block("64:ff9b::/96");
  private static final IPAddress SIX_TO_FOUR = block("2002::/16");

  private GlobalAddresses() {}

  /** Whether it is; one that carries an IPv4 address inside is as reachable as that one. */
  static boolean contains(InetAddress address) {
    IPAddress ip = new IPAddressGenerator().from(address);
    return ip.isIPv4() ? contains(ip.toIPv4()) : contains(ip.toIPv6());
  }

  private static boolean contains(IPv4Address ip) {
    return SPECIAL.stream().noneMatch(block -> block.contains(ip));
  }

  private static boolean contains(IPv6Address ip) {
    if (NAT64.contains(ip)) {
      return contains(ip.getEmbeddedIPv4Address());
    }
    if (SIX_TO_FOUR.contains(ip)) {
      return contains(ip.get6To4IPv4Address());
    }
    return GLOBAL_UNICAST.contains(ip) && SPECIAL.stream().noneMatch(block -> block.contains(ip));
  }

  private static List<IPAddress> blocks(String... blocks) {
    return Stream.of(blocks).map(GlobalAddresses::block).toList();
  }

  private static IPAddress block(String block) {
    return new IPAddressString(block).getAddress().toPrefixBlock();
  }
}
