package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.nio.file.Path;

/** A purchase requisition that was approved in the CMMS, after the connector's own sample. */
record Requisition(String tenant, String number, long version) implements ErpMessage {
  private static final JsonNode SAMPLE =
      Samples.read(Path.of("connectors/cmms-rest/samples/purchasedocument.from-erp.approved.json"));

  @Override
  public String system() {
    return "cmms";
  }

  @Override
  public byte[] body() {
    ObjectNode document = SAMPLE.deepCopy();
    document.put("id", number).put("revision", version);
    ((ObjectNode) document.get("data")).put("number", number);
    return Json.write(document);
  }
}
