package dev.cmmshub.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * XML as a tree that mappings understand: the root element is the one key; attributes become {@code
 * @name}; an element with nothing but text becomes that text, one with both has {@code #text};
 * repeated elements become an array; prefixes are dropped; an empty element is an empty text.
 *
 * <p>No DTD, no entities but the five of XML itself, at most 64 levels and 1 MB of text an element.
 */
public final class XmlTree {
  private static final int DEEPEST = 64;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final XMLInputFactory FACTORY = hardened();

  private XmlTree() {}

  /** A StAX factory that reads no DTD and resolves nothing outside the document. */
  public static XMLInputFactory hardened() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /**
   * Parses a whole document.
   *
   * @throws MalformedPayloadException with line and column
   */
  public static JsonNode parse(byte[] bytes) {
    try {
      XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(bytes));
      return new Parse(reader).document();
    } catch (XMLStreamException e) {
      throw malformed(e);
    }
  }

  /**
   * The element that the reader is at the begin of, as the one key of a tree; afterwards the reader
   * is at its end.
   *
   * @throws MalformedPayloadException with line and column
   */
  public static JsonNode element(XMLStreamReader reader) throws XMLStreamException {
    return new Parse(reader).element();
  }

  /** The error of a StAX reader as the hub's own. */
  public static MalformedPayloadException malformed(XMLStreamException e) {
    String reason = String.valueOf(e.getMessage()).replaceAll("(?s).*Message: ", "");
    return new MalformedPayloadException(
        "not valid XML: " + reason,
        e.getLocation() == null ? 0 : e.getLocation().getLineNumber(),
        e.getLocation() == null ? 0 : e.getLocation().getColumnNumber());
  }

  /** One document on its way to a tree. */
  private static final class Parse {
    private final XMLStreamReader reader;
    private final Deque<ObjectNode> open = new ArrayDeque<>();
    private final Deque<StringBuilder> texts = new ArrayDeque<>();
    private final ObjectNode root = Json.mapper().createObjectNode();

    Parse(XMLStreamReader reader) {
      this.reader = reader;
    }

    JsonNode document() throws XMLStreamException {
      while (reader.hasNext()) {
        take(reader.next());
      }
      return root;
    }

    JsonNode element() throws XMLStreamException {
      begin();
      while (!open.isEmpty()) {
        take(reader.next());
      }
      return root;
    }

    private void take(int event) {
      switch (event) {
        case XMLStreamConstants.DTD -> throw fail("document type declarations are not accepted");
        case XMLStreamConstants.ENTITY_REFERENCE -> throw fail("entities are not accepted");
        case XMLStreamConstants.START_ELEMENT -> begin();
        case XMLStreamConstants.END_ELEMENT -> end();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
        default -> {
          // Comments and processing instructions mean nothing to a mapping.
        }
      }
    }

    private void begin() {
      if (open.size() >= DEEPEST) {
        throw fail("more than " + DEEPEST + " levels of elements");
      }
      ObjectNode element = Json.mapper().createObjectNode();
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        element.put("@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
      }
      open.push(element);
      texts.push(new StringBuilder());
    }

    private void text() {
      if (!texts.isEmpty()) {
        texts.peek().append(reader.getText());
        if (texts.peek().length() > LONGEST_TEXT) {
          throw fail("a text of more than 1 MB");
        }
      }
    }

    private void end() {
      ObjectNode element = open.pop();
      String text = texts.pop().toString().trim();
      JsonNode value = element;
      if (element.isEmpty()) {
        value = TextNode.valueOf(text);
      } else if (!text.isEmpty()) {
        element.put("#text", text);
      }
      add(open.isEmpty() ? root : open.peek(), reader.getLocalName(), value);
    }

    private static void add(ObjectNode parent, String name, JsonNode value) {
      JsonNode known = parent.get(name);
      if (known == null) {
        parent.set(name, value);
      } else if (known instanceof ArrayNode many) {
        many.add(value);
      } else {
        parent.putArray(name).add(known).add(value);
      }
    }

    private MalformedPayloadException fail(String reason) {
      return new MalformedPayloadException(
          reason, reader.getLocation().getLineNumber(), reader.getLocation().getColumnNumber());
    }
  }
}
