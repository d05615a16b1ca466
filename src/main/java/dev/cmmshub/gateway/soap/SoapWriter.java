package dev.cmmshub.gateway.soap;

import java.io.ByteArrayOutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes answers and faults in the caller's SOAP version. */
public final class SoapWriter {
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  /** What stands in a body. */
  @FunctionalInterface
  private interface Content {
    void write(XMLStreamWriter writer) throws XMLStreamException;
  }

  private SoapWriter() {}

  /** {@code PublishEventResponse} with the event's id. */
  public static byte[] accepted(SoapVersion version, String eventId) {
    return envelope(
        version,
        writer -> {
          writer.writeStartElement("hub", "PublishEventResponse", SoapReader.CONTRACT);
          writer.writeNamespace("hub", SoapReader.CONTRACT);
          element(writer, "id", eventId);
          element(writer, "status", "accepted");
          writer.writeEndElement();
        });
  }

  /** HTTP status of a fault: 1.1 always has 500, 1.2 tells who is at fault. */
  public static int status(SoapFaultException fault) {
    return fault.version() == SoapVersion.V12 && fault.sender() ? 400 : 500;
  }

  /** A fault with the problem's code and whether trying again can help. */
  public static byte[] fault(SoapFaultException fault) {
    return envelope(
        fault.version(),
        writer -> {
          writer.writeStartElement("soap", "Fault", fault.version().namespace());
          if (fault.version() == SoapVersion.V11) {
            plain(
                writer,
                "faultcode",
                "soap:"
                    + (fault.code().equals("must-understand")
                        ? "MustUnderstand"
                        : fault.sender() ? "Client" : "Server"));
            plain(writer, "faultstring", fault.getMessage());
            writer.writeStartElement("detail");
          } else {
            writer.writeStartElement("soap", "Code", fault.version().namespace());
            soap(
                writer,
                fault,
                "Value",
                "soap:"
                    + (fault.code().equals("must-understand")
                        ? "MustUnderstand"
                        : fault.sender() ? "Sender" : "Receiver"));
            writer.writeEndElement();
            writer.writeStartElement("soap", "Reason", fault.version().namespace());
            writer.writeStartElement("soap", "Text", fault.version().namespace());
            writer.writeAttribute("xml", "http://www.w3.org/XML/1998/namespace", "lang", "en");
            writer.writeCharacters(fault.getMessage());
            writer.writeEndElement();
            writer.writeEndElement();
            writer.writeStartElement("soap", "Detail", fault.version().namespace());
          }
          problem(writer, fault);
          writer.writeEndElement();
          writer.writeEndElement();
        });
  }

  private static void problem(XMLStreamWriter writer, SoapFaultException fault)
      throws XMLStreamException {
    writer.writeStartElement("hub", "Problem", SoapReader.CONTRACT);
    writer.writeNamespace("hub", SoapReader.CONTRACT);
    element(writer, "code", fault.code());
    element(writer, "retryable", Boolean.toString(!fault.sender()));
    writer.writeEndElement();
  }

  private static byte[] envelope(SoapVersion version, Content content) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      XMLStreamWriter writer = FACTORY.createXMLStreamWriter(bytes, "UTF-8");
      writer.writeStartDocument("UTF-8", "1.0");
      writer.writeStartElement("soap", "Envelope", version.namespace());
      writer.writeNamespace("soap", version.namespace());
      writer.writeStartElement("soap", "Body", version.namespace());
      content.write(writer);
      writer.writeEndElement();
      writer.writeEndElement();
      writer.writeEndDocument();
      writer.close();
      return bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer can always be written", e);
    }
  }

  private static void element(XMLStreamWriter writer, String name, String text)
      throws XMLStreamException {
    writer.writeStartElement("hub", name, SoapReader.CONTRACT);
    writer.writeCharacters(text);
    writer.writeEndElement();
  }

  private static void plain(XMLStreamWriter writer, String name, String text)
      throws XMLStreamException {
    writer.writeStartElement(name);
    writer.writeCharacters(text);
    writer.writeEndElement();
  }

  private static void soap(
      XMLStreamWriter writer, SoapFaultException fault, String name, String text)
      throws XMLStreamException {
    writer.writeStartElement("soap", name, fault.version().namespace());
    writer.writeCharacters(text);
    writer.writeEndElement();
  }
}
