package dev.cmmshub;

import dev.cmmshub.cli.EmbeddedBackends;
import dev.cmmshub.cli.demo.Counterparts;
import dev.cmmshub.cli.demo.DemoSecrets;
import dev.cmmshub.cli.demo.DemoTenants;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.observe.access.AdminsWatch;
import dev.cmmshub.openapi.ApiCheck;
import dev.cmmshub.tenant.IssuedKeys;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.TenantsWatch;
import dev.cmmshub.tenant.VersionsKept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A whole hub on real servers, with the demo's tenants and counterparts, for tests from outside.
 */
public final class TestHub implements AutoCloseable {
  /** What tests' tenants may refer to. */
  private static final Map<String, String> ENVIRONMENT = Map.of("ERP_PASSWORD", "erp-3f7a91c2");

  private static final Path CONNECTORS = Path.of("connectors");

  private static final ApiCheck API = new ApiCheck();

  private static TestHub shared;

  private final Path folder;
  private final DemoSecrets secrets = DemoSecrets.make();
  private final Counterparts counterparts = new Counterparts(secrets);
  private final EmbeddedServices servers;
  private final Map<String, Connector> connectors;
  private Hub hub;
  private final int port = LoopbackPorts.free();
  private final int adminPort = LoopbackPorts.free();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  private final TenantsDesk desk;
  private final TestAdmins adminKeys;
  private final TenantsWatch tenants;
  private final AdminsWatch admins;

  private final Map<String, String> moreSettings;

  private TestHub(String moreTenants, Path connectorFolder, Map<String, String> moreSettings) {
    this.moreSettings = moreSettings;
    SecretScan.listen();
    try {
      folder = Files.createTempDirectory("cmms-hub-test");
      servers = EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
      connectors = new ConnectorFolders().read(connectorFolder);
      IssuedKeys keys = new IssuedKeys(folder, new SecureRandom(), (name, key) -> {});
      Path file = DemoTenants.write(folder, secrets, counterparts);
      Files.writeString(file, moreTenants, StandardOpenOption.APPEND);
      desk =
          new TenantsDesk(
              file,
              new TenantsBuilder(ENVIRONMENT, keys, ConnectorFolders.kinds(connectors)),
              new VersionsKept(folder.resolve("versions")));
      tenants = new TenantsWatch(file, desk::read);
      adminKeys = new TestAdmins(folder);
      SecretScan.keep(secretsOfIt());
      admins =
          new AdminsWatch(
              adminKeys.file(),
              () -> {
                throw new AssertionError("admins.yaml is there");
              });
      start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start() {
    hub =
        Hub.start(
            settings(),
            EmbeddedBackends.of(servers.addresses()),
            new Hub.Files(tenants, desk, admins),
            connectors,
            List.of());
  }

  private List<String> secretsOfIt() {
    List<String> all = new ArrayList<>(ENVIRONMENT.values());
    all.addAll(secrets.keys().values());
    all.addAll(List.of(secrets.sapPassword(), secrets.cmmsToken(), secrets.hookSecret()));
    servers.addresses().shards().forEach(shard -> all.add(shard.adminPassword()));
    all.add(servers.addresses().redisPassword());
    all.addAll(adminKeys.keys());
    return all;
  }

  /** Ends the hub and starts it again on the same servers. */
  public void restart() {
    hub.close();
    start();
  }

  /** One hub for all tests of this JVM; it ends with it. */
  public static synchronized TestHub shared() {
    if (shared == null) {
      shared = with(TestTenants.more(Clock.systemUTC().instant()));
      Runtime.getRuntime().addShutdownHook(new Thread(TestHub::closeLoudly));
    }
    return shared;
  }

  /** Nobody hears what a thread throws that runs at the end. */
  private static void closeLoudly() {
    try {
      shared.close();
    } catch (AssertionError e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** One for a test that breaks things. */
  public static TestHub own() {
    return with("");
  }

  /**
   * One with tenants of the test's own.
   *
   * @param moreTenants YAML that goes behind the demo's tenants
   */
  public static TestHub with(String moreTenants) {
    return with(moreTenants, CONNECTORS);
  }

  /** One with connectors of the test's own as well; they have no Kamelets. */
  public static TestHub with(String moreTenants, Path connectorFolder) {
    return new TestHub(moreTenants, connectorFolder, Map.of());
  }

  /**
   * One with settings of the test's own.
   *
   * @param moreSettings these count before those of other tests
   */
  public static TestHub with(String moreTenants, Map<String, String> moreSettings) {
    return new TestHub(moreTenants, CONNECTORS, moreSettings);
  }

  /** Where tenants.yaml is; a change is taken up within half a second. */
  public Path tenantsFile() {
    return folder.resolve("tenants.yaml");
  }

  /** What is in use of it. */
  public Tenants tenants() {
    return tenants.get();
  }

  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HubSettings settings() {
    Map<String, String> own = new HashMap<>();
    own.put("hub.http.port", Integer.toString(port));
    own.put("hub.http.host", "127.0.0.1");
    own.put("hub.admin.port", Integer.toString(adminPort));
    own.put("hub.topic.partitions", "2");
    own.put("hub.egress.allow", "127.0.0.0/8");
    own.put("hub.data.directory", folder.toString());
    own.putAll(moreSettings);
    return HubSettings.load(Path.of("none"), Map.of(), own);
  }

  public int port() {
    return port;
  }

  public String key(String tenant) {
    return secrets.keys().get(tenant);
  }

  public Counterparts counterparts() {
    return counterparts;
  }

  public String brokers() {
    return servers.addresses().kafkaBootstrap();
  }

  /** Names of all topics of the broker. */
  public java.util.Set<String> topics() {
    try (org.apache.kafka.clients.admin.Admin admin =
        org.apache.kafka.clients.admin.Admin.create(
            Map.of("bootstrap.servers", servers.addresses().kafkaBootstrap()))) {
      return admin.listTopics().names().get();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where its servers are. */
  public Backends backends() {
    return EmbeddedBackends.of(servers.addresses());
  }

  /** Redis stops in its tracks, with its connections open, or goes on. */
  public void hangRedis(boolean hang) {
    signalRedis(hang ? "-STOP" : "-CONT");
  }

  /** Redis is gone for good. */
  public void killRedis() {
    signalRedis("-KILL");
  }

  private void signalRedis(String signal) {
    try {
      String pid = Files.readString(folder.resolve("data/redis/redis.pid")).trim();
      new ProcessBuilder("kill", signal, pid).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Takes Kafka, the shards and Redis away. */
  public void stopServers() {
    servers.close();
  }

  public HttpRequest.Builder request(String path, String tenant) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("X-API-Key", key(tenant))
        .timeout(Duration.ofSeconds(20));
  }

  /** Sends it, and fails the test if openapi.yaml does not describe what happened. */
  public HttpResponse<String> send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    HttpResponse<String> answer = sendUnchecked(request);
    API.check(request.uri().getPort() == adminPort, request, answer);
    SecretScan.sent(request, answer);
    return answer;
  }

  private HttpResponse<String> sendUnchecked(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> post(String path, String tenant, String type, byte[] body) {
    return send(
        request(path, tenant)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  public HttpResponse<String> get(String path, String tenant) {
    return send(request(path, tenant).GET());
  }

  /** What the administration port answers somebody who may only look. */
  public String admin(String path) {
    return send(adminRequest(TestAdmins.VIEWER, path).GET()).body();
  }

  /**
   * A request of the administration port.
   *
   * @param who one of {@link TestAdmins}
   */
  public HttpRequest.Builder adminRequest(String who, String path) {
    return HttpRequest.newBuilder(adminAddress(path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + adminKeys.key(who));
  }

  /** Who may use the administration port, with their keys. */
  public TestAdmins admins() {
    return adminKeys;
  }

  public URI adminAddress(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }

  /** The shards, with their owner's password. */
  public List<PostgresAddress> shards() {
    return servers.addresses().shards();
  }

  /** Waits until it is so, 20 s at most. */
  public static boolean eventually(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > Duration.ofSeconds(20).toNanos()) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return true;
  }

  private String metricsUnlessByTls() {
    return moreSettings.containsKey("hub.admin.tls.certificate")
        ? ""
        : sendUnchecked(HttpRequest.newBuilder(adminAddress("/q/metrics")).build()).body();
  }

  /**
   * Ends it.
   *
   * @throws AssertionError when a secret stands in its metrics or its log
   */
  @Override
  public void close() {
    String metrics = metricsUnlessByTls();
    tenants.close();
    admins.close();
    hub.close();
    servers.close();
    counterparts.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SecretScan.none("/q/metrics", metrics);
    SecretScan.scanLog();
  }
}
