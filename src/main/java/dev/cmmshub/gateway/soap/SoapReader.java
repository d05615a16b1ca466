package dev.cmmshub.gateway.soap;

import dev.cmmshub.tenant.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads envelopes and checks their payload against the contract's XML Schema. */
public final class SoapReader {
  /** The namespace of the contract. */
  public static final String CONTRACT = "https://cmmshub.dev/soap/v1";

  private static final String OPERATION = "PublishEvent";
  private static final String WSSE =
      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

  private final DocumentBuilderFactory documents;
  private final TransformerFactory writers;
  private final Schema schema;

  /**
   * @param contract the XML Schema of the payload
   */
  public SoapReader(Path contract) {
    try {
      documents = DocumentBuilderFactory.newDefaultNSInstance();
      documents.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      documents.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      documents.setXIncludeAware(false);
      documents.setExpandEntityReferences(false);
      writers = TransformerFactory.newDefaultInstance();
      writers.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      writers.setAttribute(XMLConstants.ACCESS_EXTERNAL_STYLESHEET, "");
      SchemaFactory schemas = SchemaFactory.newDefaultInstance();
      schemas.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      schemas.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      schema = schemas.newSchema(new StreamSource(contract.toFile()));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(contract + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads one message.
   *
   * @throws SoapFaultException saying what was expected, with line and column where it can
   */
  public SoapMessage read(byte[] bytes) {
    Element envelope = parse(bytes).getDocumentElement();
    SoapVersion version = SoapVersion.of(envelope.getNamespaceURI());
    if (!envelope.getLocalName().equals("Envelope")) {
      throw sender(version, "the root is '" + envelope.getLocalName() + "', expected Envelope");
    }
    Optional<Secret> password =
        child(envelope, version.namespace(), "Header").flatMap(header -> password(version, header));
    Element body =
        child(envelope, version.namespace(), "Body")
            .orElseThrow(() -> sender(version, "the envelope has no Body"));
    byte[] payload = write(operation(version, body));
    validate(version, payload);
    return new SoapMessage(version, password, payload);
  }

  private Document parse(byte[] bytes) {
    try {
      var builder = documents.newDocumentBuilder();
      // The default prints errors to standard error.
      builder.setErrorHandler(
          new DefaultHandler() {
            @Override
            public void fatalError(SAXParseException e) throws SAXException {
              throw e;
            }
          });
      return builder.parse(new ByteArrayInputStream(bytes));
    } catch (SAXParseException e) {
      throw sender(SoapVersion.V11, "not valid XML: " + e.getMessage() + place(e));
    } catch (SAXException | IOException e) {
      throw sender(SoapVersion.V11, "not valid XML: " + e.getMessage());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String place(SAXParseException e) {
    return " (line " + e.getLineNumber() + ", column " + e.getColumnNumber() + ")";
  }

  private static Optional<Secret> password(SoapVersion version, Element header) {
    Optional<Secret> password = Optional.empty();
    for (Element block : children(header)) {
      if (WSSE.equals(block.getNamespaceURI())) {
        password =
            child(block, WSSE, "UsernameToken").map(token -> password(version, token, block));
      } else if (isTrue(block.getAttributeNS(version.namespace(), "mustUnderstand"))) {
        throw new SoapFaultException(
            version,
            true,
            "must-understand",
            "the header '"
                + block.getLocalName()
                + "' must be understood, but only wsse:Security is");
      }
    }
    return password;
  }

  private static Secret password(SoapVersion version, Element token, Element block) {
    Element password =
        child(token, WSSE, "Password")
            .orElseThrow(() -> sender(version, "the UsernameToken has no Password: it is the key"));
    if (password.getAttribute("Type").endsWith("#PasswordDigest")) {
      throw sender(
          version,
          "PasswordDigest cannot be verified, since the hub keeps only a hash of "
              + "the key: send PasswordText over TLS, or the key as X-API-Key");
    }
    return new Secret(password.getTextContent().trim());
  }

  private static boolean isTrue(String attribute) {
    return attribute.equals("1") || attribute.equals("true");
  }

  private static Element operation(SoapVersion version, Element body) {
    List<Element> payloads = children(body);
    if (payloads.size() != 1) {
      throw sender(version, "the Body has " + payloads.size() + " elements, expected one");
    }
    Element payload = payloads.get(0);
    if (!CONTRACT.equals(payload.getNamespaceURI()) || !OPERATION.equals(payload.getLocalName())) {
      throw sender(
          version,
          "the Body holds {"
              + payload.getNamespaceURI()
              + "}"
              + payload.getLocalName()
              + ", expected {"
              + CONTRACT
              + "}"
              + OPERATION);
    }
    return payload;
  }

  private byte[] write(Element payload) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Transformer writer = writers.newTransformer();
      writer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
      writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      writer.transform(new DOMSource(payload), new StreamResult(bytes));
      return bytes.toByteArray();
    } catch (TransformerException e) {
      throw new IllegalStateException("a parsed element can always be written", e);
    }
  }

  private void validate(SoapVersion version, byte[] payload) {
    try {
      Validator validator = schema.newValidator();
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      validator.validate(new StreamSource(new ByteArrayInputStream(payload)));
    } catch (SAXParseException e) {
      throw sender(version, OPERATION + " does not fit the contract: " + e.getMessage());
    } catch (SAXException e) {
      throw sender(version, OPERATION + " does not fit the contract: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Element> child(Element parent, String namespace, String name) {
    return children(parent).stream()
        .filter(c -> namespace.equals(c.getNamespaceURI()) && name.equals(c.getLocalName()))
        .findFirst();
  }

  private static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        children.add(element);
      }
    }
    return children;
  }

  private static SoapFaultException sender(SoapVersion version, String reason) {
    return new SoapFaultException(version, true, "malformed", reason);
  }
}
