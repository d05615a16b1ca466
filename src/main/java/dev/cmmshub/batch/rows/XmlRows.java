package dev.cmmshub.batch.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.message.XmlTree;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The children of a document's root, each as the tree that {@link XmlTree} makes of it. */
final class XmlRows implements Rows {
  private final InputStream file;
  private final XMLStreamReader reader;
  private long number;

  private XmlRows(InputStream file, XMLStreamReader reader) {
    this.file = file;
    this.reader = reader;
  }

  static XmlRows open(InputStream file) {
    try {
      XMLStreamReader reader = XmlTree.hardened().createXMLStreamReader(file);
      XmlRows rows = new XmlRows(file, reader);
      if (!rows.toElement()) {
        throw new BrokenFileException(1, 1, "expected a root element with the records in it");
      }
      return rows;
    } catch (XMLStreamException e) {
      throw broken(XmlTree.malformed(e));
    } catch (MalformedPayloadException e) {
      throw broken(e);
    }
  }

  @Override
  public Row next() throws IOException {
    try {
      if (!toElement()) {
        return null;
      }
      long line = reader.getLocation().getLineNumber();
      JsonNode record = XmlTree.element(reader);
      number++;
      return Row.read(number, line, record);
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException cause) {
        throw cause;
      }
      throw broken(XmlTree.malformed(e));
    } catch (MalformedPayloadException e) {
      throw broken(e);
    }
  }

  /** To the next child of the root, or the root itself; false at the end. */
  private boolean toElement() throws XMLStreamException {
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      }
      if (event == XMLStreamConstants.DTD) {
        throw new MalformedPayloadException(
            "document type declarations are not accepted",
            reader.getLocation().getLineNumber(),
            reader.getLocation().getColumnNumber());
      }
    }
    return false;
  }

  private static BrokenFileException broken(MalformedPayloadException e) {
    return new BrokenFileException(
        e.line(), e.column(), e.getMessage().replaceFirst(" \\(line \\d+, column \\d+\\)$", ""));
  }

  @Override
  public void close() throws IOException {
    try {
      reader.close();
    } catch (XMLStreamException e) {
      // Nothing is read any more.
    }
    file.close();
  }
}
