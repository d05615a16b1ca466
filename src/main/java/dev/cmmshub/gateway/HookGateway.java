package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.HookScheme;
import dev.cmmshub.gateway.hook.Finding;
import dev.cmmshub.gateway.hook.HookVerifier;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.HookAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The steps of the hook route: the token in the address tells who is spoken for, the signature
 * whether it is they who speak. The token is in no answer, log or metric.
 */
public final class HookGateway {
  private static final String TOKEN = "token";
  private static final String VALIDATION = "validationToken";
  private static final int LONGEST_VALIDATION = 1024;

  private final Supplier<Tenants> tenants;
  private final Map<String, Connector> connectors;
  private final HookVerifier verifier;

  public HookGateway(
      Supplier<Tenants> tenants, Map<String, Connector> connectors, HookVerifier verifier) {
    this.tenants = tenants;
    this.connectors = connectors;
    this.verifier = verifier;
  }

  /**
   * Lets requests through that are signed, and those that ask for an echo where the connector has
   * one.
   *
   * @throws ProblemException 404 for a token that is none, 413, 401 without a right signature, 403
   *     when tenant or system is disabled
   */
  public void open(Exchange exchange) {
    HookAddress address = address(exchange);
    Tenant tenant = address.identity().tenant();
    TenantSystem system = address.system();
    exchange.setVariable(Problems.ADDRESSED, tenant.id());
    HookScheme scheme = connectors.get(system.connector()).hook().orElseThrow();
    if (asksForEcho(exchange, scheme)) {
      // Nobody has shown who they are: without an identity nothing but the echo works.
      requireEnabled(tenant, system);
      return;
    }
    requireSignature(exchange, address, scheme);
    requireEnabled(tenant, system);
    exchange.setVariable("system", system.name());
    exchange.setVariable(Credentials.IDENTITY, address.identity());
  }

  /** Leaves the variable only where it is to be echoed. */
  private static boolean asksForEcho(Exchange exchange, HookScheme scheme) {
    String validation = exchange.getVariable(VALIDATION, String.class);
    if (validation != null && (validation.isEmpty() || !scheme.echo())) {
      exchange.removeVariable(VALIDATION);
      return false;
    }
    return validation != null;
  }

  private HookAddress address(Exchange exchange) {
    Object token = exchange.removeVariable(TOKEN);
    return tenants
        .get()
        .byHookToken(KeyHash.of(String.valueOf(token)))
        .orElseThrow(
            () ->
                new ProblemException(
                    404,
                    "unknown-hook",
                    "no hook has this address: check it, or ask the hub's administrator"));
  }

  private void requireSignature(Exchange exchange, HookAddress address, HookScheme scheme) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    byte[] signed = body == null ? new byte[0] : body;
    EventReader.requireBounded(address.identity().tenant(), signed);
    Finding finding =
        verifier.check(
            scheme,
            address.system().hook().orElseThrow().secrets(),
            name -> Ingress.signatureHeader(exchange, name),
            signed);
    if (finding != Finding.RIGHT) {
      exchange.setVariable(Problems.CHALLENGE, "Signature header=\"" + scheme.header() + '"');
      throw refusal(finding, scheme);
    }
  }

  private static ProblemException refusal(Finding finding, HookScheme scheme) {
    String expected = "; expected " + scheme.inWords();
    return switch (finding) {
      case MISSING -> new ProblemException(401, "no-signature", "no signature" + expected);
      case OUTDATED ->
          new ProblemException(
              401,
              "outdated-signature",
              "the time of sending is more than "
                  + HookVerifier.TOLERANCE.toMinutes()
                  + " minutes from the hub's, or is none: check the sender's clock"
                  + expected);
      default ->
          new ProblemException(
              401,
              "wrong-signature",
              "the signature does not fit the body: check the secret, and that nothing changes the"
                  + " body on its way"
                  + expected);
    };
  }

  private static void requireEnabled(Tenant tenant, TenantSystem system) {
    if (!tenant.enabled()) {
      throw Credentials.disabled(tenant);
    }
    system.requireEnabled();
  }

  /** Answers who wants to know whether this address is listened at, with its own words. */
  public void echo(Exchange exchange) {
    String validation = exchange.getVariable(VALIDATION, String.class);
    if (validation.length() > LONGEST_VALIDATION) {
      throw new ProblemException(
          400, "validation-token", "validationToken: expected at most 1,024 characters");
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, "text/plain; charset=utf-8");
    message.setHeader("X-Content-Type-Options", "nosniff");
    message.setHeader("Cache-Control", "no-store");
    message.setBody(validation.getBytes(UTF_8));
  }

  /** Every header that a signature of any connector is checked with. */
  public static List<String> headers(Iterable<Connector> connectors) {
    List<String> headers = new ArrayList<>();
    connectors.forEach(one -> one.hook().map(HookScheme::headers).ifPresent(headers::addAll));
    return headers;
  }
}
