package dev.cmmshub.egress;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The addresses that are not globally reachable and that the operator allows all the same. */
public final class Allowances {
  /** The setting they stand in. */
  public static final String SETTING = "hub.egress.allow";

  private static final Pattern ENTRY = Pattern.compile("(?:([a-z0-9-]+/[^\\s,/=]+)=)?([^\\s,=]+)");
  private static final Pattern NAME =
      Pattern.compile("(?i)(?:[a-z0-9_-]+\\.)*[a-z0-9_-]*[a-z][a-z0-9_-]*");

  /** Here an address has one notation only. */
  private static final IPAddressStringParameters BLOCK =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowMask(false)
          .allowSingleSegment(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .allow_inet_aton(false)
          .toParams();

  /** One of them; for all targets when it names none, and either a block or a host's name. */
  private record Allowance(
      Optional<String> target, Optional<IPAddress> block, Optional<String> name) {
    boolean allows(EgressTarget called, String host, IPAddress address) {
      return target.map(called.toString()::equals).orElse(true)
          && (block.map(wide -> wide.contains(address)).orElse(false)
              || name.map(host::equalsIgnoreCase).orElse(false));
    }
  }

  private final List<Allowance> allowances;

  private Allowances(List<Allowance> allowances) {
    this.allowances = allowances;
  }

  /**
   * Reads the setting.
   *
   * @param setting CIDRs, addresses and host names, comma separated, each for all or as {@code
   *     tenant/system=} for one target; may be empty
   * @throws IllegalArgumentException when something else stands there
   */
  public static Allowances of(String setting) {
    return new Allowances(
        Stream.of(setting.split(","))
            .map(String::trim)
            .filter(entry -> !entry.isEmpty())
            .map(Allowances::read)
            .toList());
  }

  private static Allowance read(String entry) {
    Matcher matcher = ENTRY.matcher(entry);
    if (matcher.matches()) {
      Optional<String> target = Optional.ofNullable(matcher.group(1));
      String place = matcher.group(2);
      IPAddress address = new IPAddressString(place, BLOCK).getAddress();
      if (address != null) {
        IPAddress block = address.isPrefixed() ? address.toPrefixBlock() : address;
        return new Allowance(target, Optional.of(block), Optional.empty());
      }
      if (NAME.matcher(place).matches()) {
        return new Allowance(target, Optional.empty(), Optional.of(place));
      }
    }
    throw new IllegalArgumentException(
        SETTING
            + ": '"
            + entry
            + "': expected a CIDR such as 10.20.0.0/16, an address or a host's name, for one system"
            + " alone acme/sap=10.20.0.0/16; several with commas between them");
  }

  /**
   * Whether a target may reach the address.
   *
   * @param host as the target's URL names it
   */
  boolean contain(EgressTarget target, String host, InetAddress address) {
    if (allowances.isEmpty()) {
      return false;
    }
    IPAddress ip = new IPAddressGenerator().from(address);
    return allowances.stream().anyMatch(allowance -> allowance.allows(target, host, ip));
  }
}
