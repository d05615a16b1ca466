package dev.cmmshub.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events as the systems send them: the connectors' own samples under other numbers. */
public final class DemoEvents {
  /**
   * One request.
   *
   * @param deliveries how many observers are to be told
   */
  public record Post(String tenant, String path, String contentType, byte[] body, int deliveries) {}

  private static final DateTimeFormatter ODOO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String ENVELOPE =
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>%s"
          + "</soap:Body></soap:Envelope>";

  private final Path connectors;
  private final long now;

  public DemoEvents(Path connectors, Instant now) {
    this.connectors = connectors;
    this.now = now.toEpochMilli();
  }

  /**
   * For each number: a work order and a material of SAP, a request of Odoo, a SOAP event; every
   * other one a requisition of the CMMS.
   */
  public List<Post> make(int count) throws IOException {
    List<Post> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      posts.add(
          sap("workorder.from-erp.released.json", "MaintenanceOrder", "40" + (10_000 + i), i));
      posts.add(odoo(i));
      posts.add(sap("part.from-erp.seal.json", "Product", "SP-" + (1000 + i), i));
      posts.add(soap(i));
      if (i % 2 == 0) {
        posts.add(requisition(i));
      }
    }
    return posts;
  }

  /**
   * One version of a work order of SAP.
   *
   * @param poison whether its canonical form breaks the schema
   */
  public Post workOrder(String number, int version, boolean poison) throws IOException {
    ObjectNode document = json("sap-s4hana", "workorder.from-erp.released.json");
    ObjectNode order = (ObjectNode) document.path("d");
    order.put("MaintenanceOrder", number);
    order.put("LastChangeDateTime", "/Date(" + revision(version) + "+0000)/");
    if (poison) {
      order.putObject("MaintPriority").put("no", "text");
    }
    return new Post("north", "/v1/events/sap", "application/json", Json.write(document), 1);
  }

  /** What receivers see of a version. */
  public long revision(long version) {
    return now + version;
  }

  private Post sap(String sample, String key, String number, int i) throws IOException {
    ObjectNode document = json("sap-s4hana", sample);
    ObjectNode entity = document.path("d") instanceof ObjectNode inner ? inner : document;
    entity.put(key, number);
    entity.put("LastChangeDateTime", "/Date(" + (now + i) + "+0000)/");
    return new Post("north", "/v1/events/sap", "application/json", Json.write(document), 1);
  }

  private Post odoo(int i) throws IOException {
    ObjectNode document = json("odoo", "workorder.from-erp.in-progress.json");
    document.put("_id", 500 + i).put("id", 500 + i);
    document.put("write_date", ODOO.format(Instant.ofEpochMilli(now + i * 1000L)));
    return new Post("river", "/v1/events/odoo", "application/json", Json.write(document), 1);
  }

  private Post soap(int i) throws IOException {
    String sample =
        Files.readString(connectors.resolve("generic-soap/samples/workorder.from-erp.full.xml"));
    String payload =
        sample
            .substring(Math.max(0, sample.indexOf("?>") + 2))
            .replaceFirst("(<[a-z:]*externalId>)[^<]*", "$1WO-" + (7000 + i))
            .replaceFirst("(<[a-z:]*version>)[^<]*", "$1" + (now + i));
    return new Post(
        "harbor",
        "/v1/soap/erp",
        "text/xml; charset=utf-8",
        ENVELOPE.formatted(payload).getBytes(StandardCharsets.UTF_8),
        2);
  }

  private Post requisition(int i) throws IOException {
    ObjectNode document = json("cmms-rest", "purchasedocument.from-erp.approved.json");
    document.put("id", "PR-" + (300 + i)).put("revision", 1 + i);
    return new Post("north", "/v1/events/cmms", "application/json", Json.write(document), 1);
  }

  private ObjectNode json(String connector, String sample) throws IOException {
    JsonNode tree =
        Json.read(
            Files.readAllBytes(connectors.resolve(connector).resolve("samples").resolve(sample)));
    return (ObjectNode) tree;
  }
}
