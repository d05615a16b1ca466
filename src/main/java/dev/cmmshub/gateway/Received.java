package dev.cmmshub.gateway;

import dev.cmmshub.message.Origin;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.Credential;
import org.apache.camel.Exchange;

/** By what a request came in, as events keep it: the credential's name, never the credential. */
final class Received {
  private Received() {}

  static Origin by(Exchange exchange) {
    return Origin.of(name(Credentials.identity(exchange).credential()), CalledVersion.of(exchange));
  }

  private static String name(Credential credential) {
    if (!(credential instanceof ApiKey key)) {
      return "token:" + credential.id();
    }
    if (key.isCertificate()) {
      return "certificate:" + key.id();
    }
    // A hook's key bears the name of the hook.
    return key.id().startsWith("hook:") ? key.id() : "key:" + key.id();
  }
}
