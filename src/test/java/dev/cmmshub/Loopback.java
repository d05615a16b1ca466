package dev.cmmshub;

import dev.cmmshub.connector.HttpEgress;
import dev.cmmshub.connector.KameletParameters;
import dev.cmmshub.egress.Allowances;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.notifier.HookAddresses;
import java.net.InetAddress;
import org.apache.camel.CamelContext;

/** What may be called in tests and benchmarks, whose receivers are on loopback. */
public final class Loopback {
  private Loopback() {}

  public static Egress egress() {
    return new Egress(Allowances.of("127.0.0.0/8"), InetAddress::getAllByName, refused -> {});
  }

  public static HookAddresses hooks() {
    return new HookAddresses(egress());
  }

  public static KameletParameters kamelets(CamelContext context) {
    return new KameletParameters(context, new HttpEgress(context, egress()));
  }
}
