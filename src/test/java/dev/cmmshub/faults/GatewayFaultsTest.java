package dev.cmmshub.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody who means harm sends to the gateway. */
@Tag("faults")
class GatewayFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  private static final int MEGA = 1 << 20;
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private static String head(FaultBench bench, String more) {
    return "POST /v1/events/sap HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
        + bench.keys.get(bench.tenant("river"))
        + "\r\nContent-Type: application/json\r\n"
        + more;
  }

  private static HttpResponse<String> post(FaultBench bench, String path, String type, byte[] body)
      throws IOException {
    return bench.hub.post(path, bench.keys.get(bench.tenant("river")), type, body);
  }

  private static void warmUp(FaultBench bench) {
    for (int i = 0; i < 300; i++) {
      bench.client.send(new WorkOrder(bench.tenant("river"), "W" + i, i + 1L, false));
    }
  }

  @Test
  void bodiesThatAreTooLargeAndBombsTakeNoMemory() throws Exception {
    FaultBench bench = SERVERS.start("f21", Map.of());
    warmUp(bench);
    // The largest that is read at all, in the same way: only what more is taken is measured.
    for (int i = 0; i < 5; i++) {
      RawRequest.send(bench.hub.port(), head(bench, CHUNKED), out -> chunks(out, 9));
    }
    long before = bench.hub.residentBytes();
    List<Integer> answers = new ArrayList<>();
    byte[] mega = new byte[MEGA];
    RawRequest.Body hundred =
        out -> {
          for (int i = 0; i < 100; i++) {
            out.write(mega);
          }
        };
    for (int i = 0; i < 5; i++) {
      String length = "Content-Length: " + 100 * MEGA;
      answers.add(RawRequest.send(bench.hub.port(), head(bench, length), hundred).status());
      answers.add(
          RawRequest.send(bench.hub.port(), head(bench, CHUNKED), out -> chunks(out, 100))
              .status());
    }
    byte[] bomb = bomb();
    int bombed =
        RawRequest.send(
                bench.hub.port(),
                head(bench, "Content-Encoding: gzip\r\nContent-Length: " + bomb.length),
                out -> out.write(bomb))
            .status();
    long grown = bench.hub.residentBytes() - before;
    bench.assertClean(
        "fault 21: ten bodies of 100 MB got %s, a gzip bomb of %,d kB got %d; memory grew by %,d kB"
            .formatted(answers, bomb.length >> 10, bombed, grown >> 10));
    // Who goes on sending may find the connection closed before the answer.
    assertThat(answers).allMatch(status -> status == 413 || status == 0).contains(413);
    assertThat(bombed).isIn(400, 413, 415);
    assertThat(grown).isLessThan(64L * MEGA);
  }

  private static void chunks(OutputStream out, int megabytes) throws IOException {
    byte[] mega = new byte[MEGA];
    for (int i = 0; i < megabytes; i++) {
      out.write((Integer.toHexString(MEGA) + "\r\n").getBytes(UTF_8));
      out.write(mega);
      out.write("\r\n".getBytes(UTF_8));
    }
    out.write("0\r\n\r\n".getBytes(UTF_8));
  }

  /** 100 MB of zeros. */
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      byte[] mega = new byte[MEGA];
      for (int i = 0; i < 100; i++) {
        out.write(mega);
      }
    }
    return packed.toByteArray();
  }

  @Test
  void deepJsonAndLongNumbersAreRefusedAtOnce() throws Exception {
    FaultBench bench = SERVERS.start("f22", Map.of());
    warmUp(bench);
    byte[] deep = ("{\"d\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}").getBytes(UTF_8);
    byte[] number = ("{\"d\":{\"Number\":" + "9".repeat(MEGA) + "}}").getBytes(UTF_8);
    double quickestDeep = quickest(bench, deep);
    double quickestNumber = quickest(bench, number);
    bench.assertClean(
        "fault 22: 100,000 levels refused after %.0f ms, a number of 1 MB after %.0f ms"
            .formatted(quickestDeep, quickestNumber));
    assertThat(quickestDeep).isLessThan(200);
    assertThat(quickestNumber).isLessThan(200);
  }

  /** Of five tries: one pause of the machine is not the hub's. */
  private static double quickest(FaultBench bench, byte[] body) throws IOException {
    double quickest = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = System.nanoTime();
      HttpResponse<String> answer = post(bench, "/v1/events/sap", "application/json", body);
      quickest = Math.min(quickest, (System.nanoTime() - begin) / 1e6);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }
    return quickest;
  }

  @Test
  void xmlThatWantsToReadSomethingOrToGrowReadsNothing() throws Exception {
    FaultBench bench = SERVERS.bench("f23", Map.of());
    String tenant = bench.tenant("river");
    bench.tenants.edit(
        tenant,
        "systems: .*",
        "systems: {sap: {connector: sap-s4hana}, erp: {connector: generic-soap}}");
    bench.hub.start();
    Path secret = Files.writeString(bench.hub.folder().resolve("secret.txt"), "TOP-SECRET-77");
    AtomicInteger fetched = new AtomicInteger();
    HttpServer elsewhere = elsewhere(fetched);
    String address = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/x";
    StringBuilder laughs = new StringBuilder("<!DOCTYPE l [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 12; i++) {
      laughs.append("<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">");
    }
    List<String> documents =
        List.of(
            laughs + "]><l>&l11;</l>",
            "<!DOCTYPE l [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><l>&x;</l>",
            "<!DOCTYPE l [<!ENTITY x SYSTEM \"" + address + "\">]><l>&x;</l>",
            "<!DOCTYPE l SYSTEM \"" + address + "\"><l/>",
            "<l xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\""
                + secret.toUri()
                + "\"/></l>");
    List<String> answers = new ArrayList<>();
    for (String document : documents) {
      String envelope =
          document.replaceFirst(
              "(?s)<l(.*)$",
              "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><l$1"
                  + "</s:Body></s:Envelope>");
      for (HttpResponse<String> answer :
          List.of(
              post(bench, "/v1/events/erp", "application/xml", document.getBytes(UTF_8)),
              post(bench, "/v1/soap/erp", "text/xml", envelope.getBytes(UTF_8)))) {
        answers.add(answer.statusCode() + (answer.body().contains("Fault>") ? " fault" : ""));
        assertThat(answer.body()).doesNotContain("TOP-SECRET-77").doesNotContain("lollol");
        // 422: an inclusion is an element like any other, and none the mapping knows.
        assertThat(answer.statusCode()).isIn(400, 422, 500);
        assertThat(answer.statusCode() < 500 || answer.body().contains("Fault>")).isTrue();
      }
    }
    elsewhere.stop(0);
    bench.assertClean(
        "fault 23: entities, external entities and inclusions got %s, %d of them fetched"
            .formatted(answers, fetched.get()));
    assertThat(fetched).hasValue(0);
  }

  private static HttpServer elsewhere(AtomicInteger asked) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          HookReceiver.answer(exchange, 204);
        });
    server.start();
    return server;
  }

  @Test
  void nothingInARequestChoosesTopicOrHost() throws Exception {
    FaultBench bench = SERVERS.start("f24", Map.of());
    AtomicInteger asked = new AtomicInteger();
    HttpServer evil = elsewhere(asked);
    String host = "127.0.0.1:" + evil.getAddress().getPort();
    try (TopicReader topics = new TopicReader(SERVERS.addresses().kafkaBootstrap())) {
      String key = bench.keys.get(bench.tenant("river"));
      List<Integer> answers = new ArrayList<>();
      int i = 0;
      for (String line :
          List.of(
              "kafka.OVERRIDE_TOPIC: f24-evil",
              "kafka.TOPIC: f24-evil",
              "CamelKafkaOverrideTopic: f24-evil",
              "CamelHttpUri: http://" + host,
              "CamelHttpPath: /evil",
              "ce_tenantid: " + bench.tenant("north"))) {
        byte[] body =
            new WorkOrder(bench.tenant("river"), "H" + i, WorkOrder.FIRST_VERSION, false).body();
        String name = line.substring(0, line.indexOf(':'));
        String value = line.substring(line.indexOf(':') + 2);
        String path = "/v1/events/sap?" + name + "=" + value;
        String head =
            "POST "
                + (i % 2 == 0 ? "/v1/events/sap" : path)
                + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
                + key
                + "\r\nContent-Type: application/json\r\n"
                + line
                + "\r\nContent-Length: "
                + body.length;
        RawRequest.Answer answer = RawRequest.send(bench.hub.port(), head, out -> out.write(body));
        answers.add(answer.status());
        i++;
      }
      String form = "kafka.OVERRIDE_TOPIC=f24-evil&CamelHttpUri=http://" + host;
      answers.add(
          post(bench, "/v1/events/sap", "application/x-www-form-urlencoded", form.getBytes(UTF_8))
              .statusCode());
      RawRequest.Answer absolute =
          RawRequest.send(
              bench.hub.port(),
              "GET http://"
                  + host
                  + "/v1/workorder HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nX-API-Key: "
                  + key,
              out -> {});
      evil.stop(0);
      FaultServers.await(() -> bench.receipts.seen().size() == 6);
      System.out.printf(
          "fault 24: headers, queries and a form got %s, an absolute target %d; %d calls elsewhere%n",
          answers, absolute.status(), asked.get());
      assertThat(answers.subList(0, 6)).containsOnly(202);
      assertThat(answers.get(6)).isBetween(400, 415);
      assertThat(absolute.status()).isEqualTo(400);
      assertThat(topics.names()).noneMatch(name -> name.contains("evil"));
      assertThat(topics.all("f24.inbound")).hasSize(6);
    }
    assertThat(asked).hasValue(0);
    assertThat(bench.receipts.seen().keySet()).allMatch(event -> event.startsWith("f24-river/"));
  }

  @Test
  void lineBreaksInHeaderValuesAreRefused() throws Exception {
    FaultBench bench = SERVERS.start("f25", Map.of());
    List<Integer> answers = new ArrayList<>();
    byte[] body = new WorkOrder(bench.tenant("river"), "L", WorkOrder.FIRST_VERSION, false).body();
    for (String value : List.of("a\rb", "a\nb", "a\r b", "a\0b")) {
      String head = head(bench, "Idempotency-Key: " + value + "\r\nContent-Length: " + body.length);
      answers.add(RawRequest.send(bench.hub.port(), head, out -> out.write(body)).status());
    }
    // In the file of the tenants, where a parameter becomes a header of a call to an ERP.
    bench.tenants.edit(
        bench.tenant("river"),
        "systems: .*",
        "systems: {sap: {connector: sap-s4hana}, cmms: {connector: cmms-rest, parameters:"
            + " {baseUrl: \"https://a.example\\r\\nX-Evil: 1\"}}}");
    FaultServers.pause(1500);
    bench.client.send(new WorkOrder(bench.tenant("river"), "M", WorkOrder.FIRST_VERSION, false));
    String log = Files.readString(bench.hub.folder().resolve("hub.log"));
    bench.assertClean("fault 25: line breaks in a header value got " + answers);
    assertThat(answers).allMatch(status -> status == 400 || status == 0);
    assertThat(log).contains("expected one line");
  }

  @Test
  void fiveHundredSlowConnectionsAreClosedAndDisturbNobody() throws Exception {
    FaultBench bench = SERVERS.start("f26", Map.of());
    List<Double> quiet = new ArrayList<>();
    List<Double> meanwhile = new ArrayList<>();
    double closed = 0;
    int left = 0;
    try (Load load = bench.load(100)) {
      FaultServers.pause(5000);
      for (int i = 0; i < 2; i++) {
        long begin = System.nanoTime();
        FaultServers.pause(8000);
        long slow = System.nanoTime();
        try (SlowConnections connections =
            new SlowConnections(bench.hub.port(), 500, bench.keys.get(bench.tenant("river")))) {
          FaultServers.pause(12_000);
          long measured = System.nanoTime();
          quiet.add(bench.p99(begin, slow, "harbor", "north", "river"));
          meanwhile.add(bench.p99(slow, measured, "harbor", "north", "river"));
          for (int s = 0; s < 20 && connections.left() > 0; s++) {
            FaultServers.pause(1000);
          }
          left += connections.left();
          closed = Math.max(closed, connections.lastClosed());
        }
      }
    }
    bench.assertClean(
        "fault 26: twice 500 slow connections, the last closed after %.0f s; p99 %s ms, before %s ms"
            .formatted(closed, meanwhile, quiet));
    assertThat(left).isZero();
    assertThat(closed).isLessThan(30);
    Latencies.assertNotMuchLonger(meanwhile, quiet, 2);
  }
}
