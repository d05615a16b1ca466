package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestHub;
import dev.cmmshub.connector.PolledCmms;
import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./hub batch} as a sender uses it. */
class BatchLoadCommandTest {
  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static final PolledCmms CMMS = new PolledCmms();
  @TempDir private static Path folder;
  private static TestHub hub;

  private record Said(int status, String out, String err) {}

  @BeforeAll
  static void start() throws IOException {
    CMMS.put("4711", 1, Instant.parse("2026-03-01T12:00:00Z"));
    CMMS.put("4712", 1, Instant.parse("2026-03-02T12:00:00Z"));
    Files.writeString(folder.resolve("key"), KEY);
    Path secret = Files.writeString(folder.resolve("secret"), PolledErp.SECRET);
    hub =
        TestHub.with(
            """
              quay:
                keys: [{id: k, sha256: "%s", can: [bulk]}]
                systems:
                  sap: {connector: sap-s4hana}
                  cmms: {connector: cmms-rest, parameters: {baseUrl: "%s", apiToken: "{{file:%s}}"}}
            """
                .formatted(KeyHash.of(KEY), CMMS.url(), secret));
  }

  @AfterAll
  static void stop() {
    hub.close();
    CMMS.close();
  }

  private static Said run(String... words) {
    List<String> all = new ArrayList<>(List.of("batch"));
    all.addAll(List.of(words));
    all.addAll(List.of("--hub", hub.address("").toString()));
    all.addAll(List.of("--key-file", folder.resolve("key").toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        HubCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(all.toArray(String[]::new));
    return new Said(status, out.toString(), err.toString());
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aFileIsLoadedAndWhatWasWrongIsLoadedMended() throws IOException {
    Path parts =
        file(
            "parts.csv",
            """
            Product,ProductType,BaseUnit,LastChangeDateTime
            P1,ERSA,EA,/Date(1000+0000)/
            P2,ERSA,nonsense,/Date(1000+0000)/
            """);
    Said loaded = run("load", parts.toString(), "--system", "sap", "--entity", "part");
    assertThat(loaded.status()).as(loaded.err()).isEqualTo(1);
    assertThat(loaded.out()).contains("upload of sap/part, parts.csv", "1 applied, 1 rejected");
    assertThat(loaded.err()).contains("done: 2 rows, 1 applied, 1 rejected");
    String id = loaded.out().split(" ")[0];

    assertThat(run("list").out()).contains("JOB").contains(id);
    assertThat(run("show", id).out()).contains("./hub batch rejects " + id + " --form file");
    JsonNode job = Json.read(run("show", id, "--json").out().getBytes(StandardCharsets.UTF_8));
    assertThat(job.at("/rows/rejected").asInt()).isEqualTo(1);
    assertThat(run("watch", id).status()).isEqualTo(1);
    assertThat(rejects(id)).contains("\"line\":3", "nonsense");

    Path mended = file("mended.csv", rejects(id, "--form", "file").replace("nonsense", "EA"));
    assertThat(run("load", mended.toString(), "--system", "sap").status()).isZero();
    // The same file again is the same job.
    assertThat(run("load", parts.toString(), "--system", "sap").out()).startsWith(id);
    Said retried = run("retry", id, "--json");
    assertThat(retried.status()).as(retried.err()).isZero();
    assertThat(retried.out()).contains("\"parent\":\"" + id);
    assertThat(run("cancel", id).err()).contains("the job is done and stays so");
  }

  private static String rejects(String id, String... more) {
    List<String> words = new ArrayList<>(List.of("rejects", id));
    words.addAll(List.of(more));
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(words.toArray(String[]::new)).status()).isZero();
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aSystemIsAskedForWhatItHas() {
    Said filled = run("backfill", "quay/cmms/workorder", "--since", "2026-01-01", "--job-key", "x");
    assertThat(filled.status()).as(filled.err() + filled.out()).isZero();
    assertThat(filled.out()).contains("backfill of cmms/workorder", "2 rows, 2 applied");
    String id = filled.out().split(" ")[0];
    Said again = run("backfill", "cmms/workorder", "--since", "2026-01-01", "--job-key", "x");
    assertThat(again.out()).startsWith(id);
    Said later = run("backfill", "harbor/cmms/workorder", "--since", "2026-03-02");
    assertThat(later.err()).contains("The key is of tenant quay, so is the job.");
    assertThat(later.out()).contains("1 rows, 1 duplicate");
  }

  @Test
  void whatCannotBeIsToldSo() throws IOException {
    assertThat(run("load", "/nowhere.csv", "--system", "sap").err())
        .contains("/nowhere.csv cannot be read");
    Path text = file("parts.txt", "x");
    assertThat(run("load", text.toString(), "--system", "sap").err())
        .contains("expected a name that ends with .ndjson, .csv or .xml");
    Path empty = file("empty.csv", "");
    Said refused = run("load", empty.toString(), "--system", "sap");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("expected the names of columns in the first line");
    Path one = file("one.ndjson", "{}\n");
    assertThat(run("load", one.toString(), "--system", "nobody").err())
        .contains("no system of this name");
    assertThat(run("backfill", "part").err()).contains("expected such as acme/sap/part");
    assertThat(run("show", "x").err()).contains("no job of yours has this id");
  }
}
