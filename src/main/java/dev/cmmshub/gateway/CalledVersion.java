package dev.cmmshub.gateway;

import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Tenant;
import org.apache.camel.Exchange;

/** The step after the credentials: keeps a tenant to the versions of the API it may call. */
public final class CalledVersion {
  /** Hears of each call with a valid key; must return quickly. */
  @FunctionalInterface
  public interface Observer {
    void called(String tenant, String version);
  }

  /** The variable that holds the version's name. */
  static final String VERSION = "version";

  private final Observer observer;

  public CalledVersion(Observer observer) {
    this.observer = observer;
  }

  /**
   * Counts the call and lets it through.
   *
   * @throws ProblemException 403 when the tenant is pinned to other versions
   */
  public void admit(Exchange exchange) {
    Tenant tenant = Credentials.identity(exchange).tenant();
    String version = of(exchange);
    observer.called(tenant.id(), version);
    if (!tenant.mayCall(version)) {
      throw new ProblemException(
          403,
          "version-not-allowed",
          "tenant '"
              + tenant.id()
              + "' may not call "
              + version
              + ", but "
              + String.join(", ", tenant.api())
              + ": use that, or ask the hub's administrator");
    }
  }

  static String of(Exchange exchange) {
    return exchange.getVariable(VERSION, String.class);
  }
}
