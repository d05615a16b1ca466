package dev.cmmshub.gateway.soap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The contract of the SOAP endpoint (WSDL 1.1) with the payload's schema inside. */
public final class Wsdl {
  private static final String ANSWERS =
      """
        <xs:element name="PublishEventResponse">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="id" type="xs:string"/>
              <xs:element name="status" type="xs:string"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
        <xs:element name="Problem">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="code" type="xs:string"/>
              <xs:element name="retryable" type="xs:boolean"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:schema>""";

  private final String template;

  /**
   * @param contract the XML Schema of the payload
   */
  public Wsdl(Path contract) {
    try (InputStream stream = Wsdl.class.getResourceAsStream("/wsdl/hub.wsdl")) {
      String schema = Files.readString(contract);
      String own =
          schema.substring(schema.indexOf("<xs:schema"), schema.lastIndexOf("</xs:schema>"));
      template =
          new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@schema@", own + ANSWERS);
    } catch (IOException e) {
      throw new UncheckedIOException(contract + " cannot be read", e);
    }
  }

  /**
   * @param address where the service is called; may hold anything, since it is escaped
   */
  public String render(String address) {
    return template.replace(
        "@address@",
        address
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"));
  }
}
