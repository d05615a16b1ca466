package dev.cmmshub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Clients nobody here wrote; each is skipped with a clear line where it is not installed. */
class ForeignClientsTest {
  private record Run(int status, String output) {}

  private static Run run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return run(command).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void zeepReadsTheContractAndPublishesInBothVersions() throws Exception {
    String python = works("/usr/bin/python3", "-c", "import zeep") ? "/usr/bin/python3" : "python3";
    Assumptions.assumeTrue(
        works(python, "-c", "import zeep"),
        "python3-zeep is not installed: the WSDL was not read by a client of somebody else's");
    TestHub hub = TestHub.shared();
    Run zeep =
        run(
            python,
            "src/test/zeep/publish_event.py",
            "http://127.0.0.1:" + hub.port() + "/v1/soap/erp?wsdl",
            hub.key("harbor"));
    System.out.println(zeep.output());
    assertThat(zeep.status()).as(zeep.output()).isZero();
    assertThat(zeep.output().lines().filter(line -> line.contains(" accepted "))).hasSize(4);
    assertThat(zeep.output()).contains("fault PublishEvent does not fit the contract");
  }

  @Test
  void kcatSeesCloudEvents() throws Exception {
    Assumptions.assumeTrue(
        works("kcat", "-V"), "kcat is not installed: the records were not read by another client");
    TestHub hub = TestHub.shared();
    byte[] body =
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    assertThat(hub.post("/v1/events/odoo", "river", "application/json", body).statusCode())
        .isEqualTo(202);
    Run kcat =
        run(
            "kcat",
            "-C",
            "-b",
            hub.brokers(),
            "-t",
            "hub.inbound",
            "-o",
            "beginning",
            "-c",
            "1",
            "-f",
            "%h | %k\n");
    System.out.println(kcat.output());
    assertThat(kcat.status()).as(kcat.output()).isZero();
    assertThat(kcat.output())
        .contains("ce_specversion=1.0", "ce_id=", "ce_type=dev.cmmshub.", "ce_source=/tenants/")
        .contains("ce_tenantid=", "ce_partitionkey=", "content-type=");
  }
}
