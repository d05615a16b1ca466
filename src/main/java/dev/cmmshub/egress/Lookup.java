package dev.cmmshub.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host's name; may block as long as name servers do. */
@FunctionalInterface
public interface Lookup {
  /**
   * At least one address, the preferred one first.
   *
   * @throws UnknownHostException when there is none
   */
  InetAddress[] of(String host) throws UnknownHostException;
}
