package dev.cmmshub.gateway.contract;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.TestHub;
import dev.cmmshub.gateway.contract.DescribedEvents.Seen;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.trace.Collector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real hub writes to its topics and sends to a webhook, held against /asyncapi.json. */
class RealEventsTest {
  private static final String KEY = "hub_test-of-the-contracts-of-events";
  private static final String SECRET = "whsec_Y29udHJhY3RzLW9mLWV2ZW50cy1hbmQtd2ViaG9va3M=";
  private static final List<String> SAMPLES =
      List.of(
          "odoo/samples/workorder.from-erp.in-progress.json",
          "odoo/samples/part.from-erp.seal.json",
          "odoo/samples/asset.from-erp.pump.json",
          "odoo/samples/purchasedocument.from-erp.order.json");

  private static final List<Seen> CALLS = new CopyOnWriteArrayList<>();
  private static HttpServer receiver;
  private static Collector collector;
  private static Path secret;
  private static TestHub hub;
  private static JsonNode document;
  private static DescribedEvents described;

  @BeforeAll
  static void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    receiver.createContext("/", RealEventsTest::take);
    receiver.start();
    secret = Files.writeString(Files.createTempFile("hub-contract", ".secret"), SECRET);
    collector = new Collector();
    hub =
        TestHub.with(
            """
              contracts:
                keys: [{id: test, sha256: "%s", can: [publish, read, bulk]}]
                systems:
                  odoo: {connector: odoo}
                  sap: {connector: sap-s4hana}
                subscriptions:
                  - {to: "http://127.0.0.1:%d/", events: ["*"], bulk: digest, secret: "{{file:%s}}"}
            """
                .formatted(KeyHash.of(KEY), receiver.getAddress().getPort(), secret),
            Map.of("hub.traces.endpoint", collector.url()));
    document =
        Json.read(
            hub.send(HttpRequest.newBuilder(hub.address("/asyncapi.json")).GET())
                .body()
                .getBytes(UTF_8));
    described = new DescribedEvents(document);
  }

  @AfterAll
  static void stop() throws IOException {
    hub.close();
    receiver.stop(0);
    collector.close();
    Files.delete(secret);
  }

  /** Refuses the first call, so that there is a failure to deliver. */
  private static void take(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    headers.keySet().removeAll(Set.of("host", "content-length"));
    CALLS.add(new Seen("webhook", headers, null, exchange.getRequestBody().readAllBytes()));
    exchange.sendResponseHeaders(CALLS.size() == 1 ? 500 : 204, -1);
    exchange.close();
  }

  private static void post(String system, byte[] body) {
    HttpResponse<String> answer =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/events/" + system))
                .header("X-API-Key", KEY)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  /** One event of each entity, one that fits no schema, and a record of somebody else's. */
  private static void sendOneOfEach() throws Exception {
    for (String sample : SAMPLES) {
      post("odoo", Files.readAllBytes(Path.of("connectors", sample)));
    }
    String order =
        Files.readString(Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json"));
    post(
        "sap",
        order
            .replaceFirst(
                "\"MaintPriority\":\\s*\"[^\"]*\"", "\"MaintPriority\":{\"not\":\"text\"}")
            .getBytes(UTF_8));
    try (KafkaProducer<byte[], byte[]> somebody =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", hub.brokers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      somebody.send(new ProducerRecord<>("hub.inbound", "not of the hub".getBytes(UTF_8))).get();
    }
  }

  private static void load() throws IOException {
    byte[] part = Files.readAllBytes(Path.of("connectors", SAMPLES.get(1)));
    String other =
        new String(Json.write(Json.read(part)), UTF_8)
            .replace("\"write_date\":\"202", "\"write_date\":\"203");
    HttpResponse<String> answer =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/bulk/odoo"))
                .header("X-API-Key", KEY)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(other)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static List<Seen> records(String channel) {
    String topic = document.at("/channels/" + channel + "/address").asText();
    List<Seen> seen = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", hub.brokers(), "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          Map<String, String> headers = new TreeMap<>();
          record.headers().forEach(one -> headers.put(one.key(), new String(one.value(), UTF_8)));
          seen.add(new Seen(channel, headers, record.key(), record.value()));
        }
      }
    }
    return seen;
  }

  @Test
  void everyRecordAndEveryWebhookFitsExactlyOneMessageOfItsChannel() throws Exception {
    sendOneOfEach();
    assertThat(eventually(() -> CALLS.size() > SAMPLES.size())).as("one call is repeated").isTrue();
    load();
    assertThat(eventually(() -> CALLS.size() > SAMPLES.size() + 1)).as("a digest").isTrue();
    assertThat(eventually(() -> records("deadLetter").size() == 2)).isTrue();
    List<Seen> all = new ArrayList<>(CALLS);
    for (String channel : List.of("inbound", "bulk", "canonical", "error", "deadLetter")) {
      all.addAll(records(channel));
    }
    assertThat(all)
        .filteredOn(one -> one.headers().containsKey("traceparent"))
        .extracting(Seen::channel)
        .contains("inbound", "canonical", "error", "deadLetter", "webhook");
    Set<String> matched = new TreeSet<>();
    for (Seen one : all) {
      if (one.channel().equals("inbound") && one.headers().isEmpty()) {
        continue; // Somebody else's record, which is in hub.dead-letter too.
      }
      matched.add(one.channel() + ' ' + described.messageOf(one));
    }
    System.out.println("asyncapi: " + all.size() + " records and calls fit " + matched);
    assertThat(matched)
        .containsExactly(
            "bulk rows",
            "canonical asset",
            "canonical loaded",
            "canonical part",
            "canonical purchasedocument",
            "canonical workorder",
            "deadLetter failed",
            "deadLetter foreign",
            "error failed",
            "inbound received",
            "webhook asset",
            "webhook loaded",
            "webhook part",
            "webhook purchasedocument",
            "webhook workorder");
    assertThat(records("error"))
        .anySatisfy(one -> assertThat(one.headers()).containsEntry("hub_status", "500"));
  }

  @Test
  void whatDoesNotFitIsFound() throws Exception {
    post("odoo", Files.readAllBytes(Path.of("connectors", SAMPLES.get(0))));
    assertThat(eventually(() -> !records("canonical").isEmpty())).isTrue();
    Seen right = records("canonical").get(0);
    described.messageOf(right);
    Map<String, String> headers = new TreeMap<>(right.headers());
    headers.remove("ce_time");
    assertThatThrownBy(() -> described.messageOf(with(right, headers, right.data())))
        .hasMessageContaining("ce_time");
    Map<String, String> more = new TreeMap<>(right.headers());
    more.put("ce_new", "1");
    assertThatThrownBy(() -> described.messageOf(with(right, more, right.data())))
        .hasMessageContaining("ce_new");
    assertThatThrownBy(
            () -> described.messageOf(with(right, right.headers(), "{}".getBytes(UTF_8))))
        .hasMessageContaining("externalRefs");
  }

  private static Seen with(Seen one, Map<String, String> headers, byte[] data) {
    return new Seen(one.channel(), headers, one.key(), data);
  }

  @Test
  void aWebhookIsSignedAsTheSecuritySchemeSays() throws Exception {
    post("odoo", Files.readAllBytes(Path.of("connectors", SAMPLES.get(0))));
    assertThat(eventually(() -> !CALLS.isEmpty())).isTrue();
    Seen call = CALLS.get(0);
    String header = document.at("/components/securitySchemes/webhookSignature/name").asText();
    assertThat(call.headers()).containsKey(header);
    Map<String, List<String>> headers = new TreeMap<>();
    call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    new Webhook(SECRET)
        .verify(new String(call.data(), UTF_8), HttpHeaders.of(headers, (name, value) -> true));
  }

  @Test
  void theGroupsAreThoseOfTheDocument() throws Exception {
    Set<String> named = Set.copyOf(document.get("operations").findValuesAsText("const"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", hub.brokers()))) {
      // A consumer joins its group a while after the hub serves.
      TestHub.eventually(() -> groups(admin).containsAll(named));
      assertThat(groups(admin)).isEqualTo(named);
    }
    assertThat(hub.topics())
        .containsAll(
            document.get("channels").findValues("address").stream()
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList());
  }

  private static Set<String> groups(Admin admin) {
    try {
      return admin.listGroups().all().get().stream()
          .map(GroupListing::groupId)
          .collect(Collectors.toSet());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
