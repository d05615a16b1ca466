package dev.cmmshub;

import dev.cmmshub.egress.Lookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Name servers of a test: each name's answers one after the other, the last one for ever. */
public final class NamesOnly implements Lookup {
  private final Map<String, List<String>> answers;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  public NamesOnly(Map<String, List<String>> answers) {
    this.answers = answers;
  }

  @Override
  public InetAddress[] of(String host) throws UnknownHostException {
    List<String> found = answers.get(host);
    if (found == null) {
      throw new UnknownHostException(host);
    }
    int before = asked.computeIfAbsent(host, name -> new AtomicInteger()).getAndIncrement();
    // An address never leads to a lookup by the platform.
    return new InetAddress[] {InetAddress.getByName(found.get(Math.min(before, found.size() - 1)))};
  }

  /** How often a name was asked for. */
  public int asked(String host) {
    return asked.getOrDefault(host, new AtomicInteger()).get();
  }
}
