package dev.cmmshub.gateway;

import dev.cmmshub.gateway.soap.SoapFaultException;
import dev.cmmshub.gateway.soap.SoapMessage;
import dev.cmmshub.gateway.soap.SoapReader;
import dev.cmmshub.gateway.soap.SoapVersion;
import dev.cmmshub.gateway.soap.SoapWriter;
import dev.cmmshub.gateway.soap.Wsdl;
import dev.cmmshub.message.Names;
import dev.cmmshub.message.ProblemException;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The steps of the SOAP routes: the same gateway in another envelope. */
public final class SoapGateway {
  private static final String VERSION = "soapVersion";

  private final Credentials credentials;
  private final Problems problems;
  private final SoapReader reader;
  private final Wsdl wsdl;
  private final String publicAddress;

  /**
   * @param contract the XML Schema of the payload
   * @param publicAddress scheme and host callers reach the hub under; empty: as the request says
   */
  public SoapGateway(
      Credentials credentials, Problems problems, Path contract, String publicAddress) {
    this.credentials = credentials;
    this.problems = problems;
    this.reader = new SoapReader(contract);
    this.wsdl = new Wsdl(contract);
    this.publicAddress = publicAddress;
  }

  /** Opens the envelope, finds out who speaks, and leaves the payload as body. */
  public void open(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    SoapMessage message = reader.read(body == null ? new byte[0] : body);
    exchange.setVariable(VERSION, message.version());
    Presented presented =
        Presented.of(exchange).with(message.password().map(password -> password.value()));
    exchange.setVariable(Credentials.IDENTITY, credentials.authenticate(presented, "publish"));
    exchange.setVariable("contentType", "text/xml");
    exchange.getMessage().setBody(message.payload());
  }

  /** Answers that the broker has acknowledged. */
  public void accept(Exchange exchange) {
    SoapVersion version = exchange.getVariable(VERSION, SoapVersion.class);
    String id = EventIngress.eventId(exchange);
    answer(exchange, 200, version, SoapWriter.accepted(version, id));
    exchange.getMessage().setHeader("Location", EventIngress.location(exchange, id));
  }

  /** Answers the failure that ended the route. */
  public void fault(Exchange exchange) {
    SoapFaultException fault = faultOf(exchange);
    int status = Throttle.isRefused(exchange) ? 429 : SoapWriter.status(fault);
    answer(exchange, status, fault.version(), SoapWriter.fault(fault));
  }

  private SoapFaultException faultOf(Exchange exchange) {
    if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT) instanceof SoapFaultException fault) {
      problems.count(exchange, fault.code());
      return fault;
    }
    ProblemException problem = problems.problem(exchange);
    SoapVersion version = exchange.getVariable(VERSION, SoapVersion.class);
    return new SoapFaultException(
        version == null ? SoapVersion.V11 : version,
        // Who only has to wait need not change anything.
        problem.status() < 500 && problem.retryAfterSeconds() == 0,
        problem.code(),
        problem.getMessage());
  }

  /** Publishes the WSDL. */
  public void contract(Exchange exchange) {
    if (!"wsdl".equalsIgnoreCase(exchange.getVariable("query", String.class))) {
      throw new ProblemException(
          404, "not-found", "ask for the contract with ?wsdl, or post to it");
    }
    String system = exchange.getVariable("system", String.class);
    try {
      Names.require("system", system);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(404, "unknown-system", e.getMessage());
    }
    String address =
        publicAddress.isEmpty()
            ? exchange.getVariable("url", String.class)
            : publicAddress + '/' + CalledVersion.of(exchange) + "/soap/" + system;
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "text/xml; charset=utf-8");
    message.setBody(wsdl.render(address).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void answer(Exchange exchange, int status, SoapVersion version, byte[] body) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, version.contentType());
    Throttle.tell(exchange, message);
    message.setBody(body);
  }
}
