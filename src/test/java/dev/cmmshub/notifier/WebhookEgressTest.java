package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.NamesOnly;
import dev.cmmshub.Unvisited;
import dev.cmmshub.egress.Allowances;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.Lookup;
import dev.cmmshub.message.Failure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where webhooks are called, with a real server behind each address. */
class WebhookEgressTest {
  /** Global unicast, but nobody has it. */
  private static final String NOWHERE = "2d00::1";

  private static Vertx vertx;

  private final List<String> hosts = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpServer server(HttpServerOptions options, int status) {
    return vertx
        .createHttpServer(options)
        .requestHandler(
            request -> {
              hosts.add(request.authority().host());
              request.response().setStatusCode(status).putHeader("Location", "/moved").end();
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** Empty when it was taken. */
  private static Optional<Failure> send(String allowed, NamesOnly names, String... addresses) {
    Optional<Failure> last = Optional.empty();
    Egress egress = new Egress(Allowances.of(allowed), names, refused -> {});
    try (HookAddresses hooks = new HookAddresses(egress);
        WebhookSender sender = new WebhookSender(vertx, hooks, Clock.systemUTC())) {
      for (String address : addresses) {
        last = sent(sender, address);
      }
    }
    return last;
  }

  private static Optional<Failure> sent(WebhookSender sender, String address) {
    try {
      sender.send(Deliveries.to(address)).toCompletableFuture().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(((DeliveryException) e.getCause()).failure());
    }
  }

  private static NamesOnly names(String... answers) {
    return new NamesOnly(Map.of("hooks.test", List.of(answers)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "hooks.test"
      })
  void anAddressInsideIsNotConnected(String host) throws IOException {
    try (Unvisited port = new Unvisited()) {
      NamesOnly names =
          new NamesOnly(
              Map.of("hooks.test", List.of("127.0.0.1"), "localhost", List.of("127.0.0.1")));
      Optional<Failure> failure = send("", names, "http://" + host + ":" + port.port() + "/in");
      assertThat(failure).isPresent();
      assertThat(failure.get().errorClass()).isEqualTo("egress");
      assertThat(failure.get().reason()).contains("hub.egress.allow=acme/hook=");
      assertThat(port.wasVisited()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "hooks.test"
      })
  void anAddressThatIsAllowedGetsTheEvent(String host) {
    HttpServer server = server(new HttpServerOptions(), 204);
    String address = "http://" + host + ":" + server.actualPort();
    assertThat(send("acme/hook=127.0.0.0/8", names("127.0.0.1"), address)).isEmpty();
    assertThat(hosts).containsExactly(host);
    assertThat(send("globex/hook=127.0.0.0/8", names("127.0.0.1"), address))
        .map(Failure::errorClass)
        .contains("egress");
    assertThat(hosts).hasSize(1);
  }

  /** What was checked is what is connected, so the second answer is never used unchecked. */
  @Test
  void aNameThatAnswersWithAnotherAddressTheSecondTimeLeadsNowhere() throws IOException {
    try (Unvisited port = new Unvisited()) {
      NamesOnly names = names(NOWHERE, "127.0.0.1");
      String address = "http://hooks.test:" + port.port();
      assertThat(send("", names, address)).map(Failure::errorClass).contains("connection");
      assertThat(names.asked("hooks.test")).isEqualTo(1);
      assertThat(send("", names, address)).map(Failure::errorClass).contains("egress");
      assertThat(names.asked("hooks.test")).isEqualTo(2);
      assertThat(port.wasVisited()).isFalse();
    }
  }

  @Test
  void aNameIsLookedUpOnceForDeliveriesThatFollowEachOther() {
    HttpServer server = server(new HttpServerOptions(), 204);
    NamesOnly names = names("127.0.0.1", NOWHERE);
    String address = "http://hooks.test:" + server.actualPort();
    assertThat(send("127.0.0.1", names, address, address, address)).isEmpty();
    assertThat(hosts).hasSize(3);
    assertThat(names.asked("hooks.test")).isEqualTo(1);
  }

  @Test
  void nameServersThatDoNotAnswerHoldUpNobodyElse() throws Exception {
    HttpServer server = server(new HttpServerOptions(), 204);
    CountDownLatch answer = new CountDownLatch(1);
    Lookup silent =
        host -> {
          if (host.equals("slow.test")) {
            await(answer);
          }
          return names("127.0.0.1").of("hooks.test");
        };
    Egress egress = new Egress(Allowances.of("127.0.0.1"), silent, refused -> {});
    try (HookAddresses hooks = new HookAddresses(egress);
        WebhookSender sender = new WebhookSender(vertx, hooks, Clock.systemUTC())) {
      String port = ":" + server.actualPort();
      CompletableFuture<Void> slow =
          sender.send(Deliveries.to("http://slow.test" + port)).toCompletableFuture();
      assertThat(sent(sender, "http://hooks.test" + port)).isEmpty();
      assertThat(slow).isNotDone();
      answer.countDown();
      slow.get(10, TimeUnit.SECONDS);
    }
    assertThat(hosts).containsExactly("hooks.test", "slow.test");
  }

  @Test
  void aNameThatNobodyKnowsIsAConnectionThatDidNotComeAbout() {
    assertThat(send("", names("127.0.0.1"), "http://unknown.test"))
        .map(Failure::errorClass)
        .contains("connection");
  }

  @Test
  void aRedirectIsNotFollowed() {
    HttpServer server = server(new HttpServerOptions(), 307);
    Optional<Failure> failure =
        send("127.0.0.1", names("127.0.0.1"), "http://hooks.test:" + server.actualPort());
    assertThat(failure).map(Failure::status).contains(307);
    assertThat(hosts).hasSize(1);
  }

  @Test
  void aCertificateIsCheckedForTheNameAndNotForTheAddress(@TempDir Path folder) throws Exception {
    PfxOptions certificate = certificate(folder, "hooks.test");
    HttpServer server =
        server(new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate), 204);
    NamesOnly names =
        new NamesOnly(
            Map.of("hooks.test", List.of("127.0.0.1"), "other.test", List.of("127.0.0.1")));
    Egress egress = new Egress(Allowances.of("127.0.0.1"), names, refused -> {});
    try (HookAddresses hooks = new HookAddresses(egress);
        WebhookSender sender =
            new WebhookSender(
                vertx,
                new HttpClientOptions().setTrustOptions(certificate),
                hooks,
                Clock.systemUTC())) {
      assertThat(sent(sender, "https://hooks.test:" + server.actualPort())).isEmpty();
      assertThat(sent(sender, "https://other.test:" + server.actualPort()))
          .map(Failure::errorClass)
          .contains("connection");
    }
    assertThat(hosts).containsExactly("hooks.test");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static PfxOptions certificate(Path folder, String name) throws Exception {
    Path file = folder.resolve("hooks.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "hooks",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "for-this-test")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return new PfxOptions().setPath(file.toString()).setPassword("for-this-test");
  }
}
