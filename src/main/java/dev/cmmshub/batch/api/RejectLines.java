package dev.cmmshub.batch.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.cmmshub.batch.rows.CsvHeader;
import dev.cmmshub.batch.rows.Format;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.store.BulkReject;
import dev.cmmshub.store.bulk.BulkJob;
import java.io.StringWriter;
import java.util.List;

/**
 * How rejected rows are written: with their reasons, a JSON object a line, or as they stood in a
 * file. Rows of XML are written as JSON, which can be loaded too.
 */
final class RejectLines {
  private final boolean asFile;
  private final CsvHeader header;

  private RejectLines(boolean asFile, CsvHeader header) {
    this.asFile = asFile;
    this.header = header;
  }

  static RejectLines of(BulkJob job, boolean asFile) {
    String place = job.received().place();
    boolean isCsv = asFile && job.order().format().equals("csv") && place != null;
    return new RejectLines(asFile, isCsv ? CsvHeader.read(place) : null);
  }

  String type() {
    return header == null ? Format.NDJSON.type() : Format.CSV.type();
  }

  /** What stands before the first. */
  String head() {
    return header == null ? "" : csv(header.names()) + '\n';
  }

  String line(BulkReject reject) {
    if (!asFile) {
      return new String(Json.write(json(reject)), UTF_8);
    }
    return header == null || reject.code().equals("malformed")
        ? reject.text()
        : fields(reject.text());
  }

  ObjectNode json(BulkReject reject) {
    return Json.mapper()
        .createObjectNode()
        .put("row", reject.row())
        .put("line", reject.line())
        .put("column", reject.place())
        .put("code", reject.code())
        .put("reason", reject.reason())
        .put("text", reject.text());
  }

  /** The record's values, in the order of the columns. */
  private String fields(String text) {
    try {
      JsonNode record = Json.read(text.getBytes(UTF_8));
      return csv(
          header.names().stream()
              .map(name -> record.at('/' + name.replace('.', '/')).asText(""))
              .toList());
    } catch (MalformedPayloadException e) {
      // It was cut, since it is very long.
      return text;
    }
  }

  private String csv(List<String> fields) {
    StringWriter line = new StringWriter();
    CsvWriter.builder()
        .fieldSeparator(header.separator())
        .bufferSize(0)
        .build(line)
        .writeRecord(fields);
    return line.toString().replaceFirst("\\R$", "");
  }
}
