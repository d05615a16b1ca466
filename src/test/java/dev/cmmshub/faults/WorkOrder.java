package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.nio.file.Path;

/**
 * A work order as SAP S/4HANA sends it, after the connector's own sample.
 *
 * @param version milliseconds since 1970, the time of the last change
 * @param poison the gateway takes it, its canonical form breaks the schema
 */
record WorkOrder(String tenant, String number, long version, boolean poison) implements ErpMessage {
  static final long FIRST_VERSION = 1_780_000_000_000L;
  private static final JsonNode SAMPLE =
      Samples.read(Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json"));

  @Override
  public String system() {
    return "sap";
  }

  @Override
  public byte[] body() {
    ObjectNode document = SAMPLE.deepCopy();
    ObjectNode order = (ObjectNode) document.get("d");
    order.put("MaintenanceOrder", number).put("LastChangeDateTime", "/Date(" + version + ")/");
    if (poison) {
      order.putObject("MaintPriority").put("no", "text");
    }
    return Json.write(document);
  }
}
