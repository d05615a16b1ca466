package dev.cmmshub.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.XmlTree;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stax.StAXSource;
import javax.xml.transform.stream.StreamResult;

/** Payloads laid out for people; what is not well formed stays as it is. */
final class Pretty {
  private Pretty() {}

  static String payload(String contentType, String text) {
    try {
      if (Payloads.isJson(contentType)) {
        return json(Json.read(text.getBytes(StandardCharsets.UTF_8)));
      }
      return Payloads.isXml(contentType) && !text.contains("\n") ? xml(text) : text;
    } catch (MalformedPayloadException e) {
      return text;
    }
  }

  static String json(JsonNode node) {
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  private static String xml(String text) {
    try {
      TransformerFactory factory = TransformerFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      Transformer layout = factory.newTransformer();
      layout.setOutputProperty(OutputKeys.INDENT, "yes");
      layout.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      layout.setOutputProperty("{http://xml.apache.org/xslt}indent-amount", "2");
      StringWriter out = new StringWriter();
      layout.transform(
          new StAXSource(XmlTree.hardened().createXMLStreamReader(new StringReader(text))),
          new StreamResult(out));
      return out.toString().stripTrailing();
    } catch (TransformerException | XMLStreamException e) {
      return text;
    }
  }
}
