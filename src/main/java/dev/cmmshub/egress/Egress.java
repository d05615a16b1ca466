package dev.cmmshub.egress;

import dev.cmmshub.message.LogFields;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the address that a call may connect to. Whoever calls connects to that very address, so
 * that no second lookup can lead elsewhere. Addresses that are not globally reachable are refused
 * unless the operator allows them.
 */
public final class Egress {
  private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

  private final Allowances allowances;
  private final Lookup lookup;
  private final EgressObserver observer;
  // Those whose refusal stands in the log; as many as tenants.yaml has.
  private final Set<EgressTarget> told = ConcurrentHashMap.newKeySet();

  public Egress(Allowances allowances, Lookup lookup, EgressObserver observer) {
    this.allowances = allowances;
    this.lookup = lookup;
    this.observer = observer;
  }

  /** Whether {@link #require} has to ask name servers, which blocks. */
  public boolean looksUp(String host) {
    return IpLiteral.read(host).isEmpty();
  }

  /**
   * The first address of the host that may be reached.
   *
   * @param host of a URL: a name or an address in any notation
   * @throws UnknownHostException when the name has no address
   * @throws EgressRefusedException when it has none that may be reached
   */
  public InetAddress require(EgressTarget target, String host) throws UnknownHostException {
    Optional<InetAddress> literal = IpLiteral.read(host);
    InetAddress[] addresses =
        literal.isPresent() ? new InetAddress[] {literal.get()} : lookup.of(host);
    for (InetAddress address : addresses) {
      if (GlobalAddresses.contains(address) || allowances.contain(target, host, address)) {
        told.remove(target);
        return address;
      }
    }
    throw refused(target, host, addresses[0]);
  }

  private EgressRefusedException refused(EgressTarget target, String host, InetAddress address) {
    String ip = address.getHostAddress();
    String reason =
        (host.equals(ip) ? ip : "'" + host + "' is " + ip + ", which")
            + " is not a public address, so nothing was connected; if it is meant, allow it with "
            + Allowances.SETTING
            + '='
            + target
            + '='
            + ip;
    observer.refused(target);
    if (told.add(target)) {
      LogFields.tenant(LOG.atWarn(), target.tenant())
          .log("{} is not called: {}. Told once until it is called again", target, reason);
    }
    return new EgressRefusedException(reason);
  }
}
