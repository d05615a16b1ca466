package dev.cmmshub.cli;

import dev.cmmshub.Backends;
import dev.cmmshub.Hub;
import dev.cmmshub.HubSettings;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.observe.Passages;
import dev.cmmshub.observe.access.AdminsWatch;
import dev.cmmshub.tenant.IssuedKeys;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.TenantsWatch;
import dev.cmmshub.tenant.VersionsKept;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A hub with its servers, from start to clean end. */
final class RunningHub implements AutoCloseable {
  private final Terminal terminal;
  private final CountDownLatch closed = new CountDownLatch(1);
  private TenantsDesk desk;
  private TenantsWatch tenants;
  private AdminsWatch admins;
  private EmbeddedServices servers;
  private Hub hub;

  private RunningHub(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Returns when the hub serves; SIGTERM and Ctrl-C close it cleanly from here on. */
  static RunningHub start(
      HubSettings settings, boolean embedded, Terminal terminal, List<Passages> listeners) {
    RunningHub running = new RunningHub(terminal);
    Thread hook = new Thread(running::close, "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    // Tenants and connectors first: a typo is told before any server is started.
    Map<String, Connector> connectors =
        new ConnectorFolders().read(settings.path("hub.connectors.folder"));
    running.desk = desk(settings, connectors, terminal);
    running.tenants = new TenantsWatch(settings.path("hub.tenants.file"), running.desk::read);
    running.admins = admins(settings, terminal);
    try {
      Backends backends = embedded ? running.startServers(settings) : settings.external();
      long begin = System.nanoTime();
      running.hub =
          Hub.start(
              settings,
              backends,
              new Hub.Files(running.tenants, running.desk, running.admins),
              connectors,
              listeners);
      terminal.progress("Hub", "ready", begin);
      return running;
    } catch (RuntimeException | Error e) {
      running.close();
      throw e;
    }
  }

  private static TenantsDesk desk(
      HubSettings settings, Map<String, Connector> connectors, Terminal terminal) {
    Path data = settings.path("hub.data.directory");
    IssuedKeys keys =
        new IssuedKeys(
            data.resolve("keys"),
            new SecureRandom(),
            (name, key) ->
                terminal.important("Key of " + name + ", shown only this once: " + key.value()));
    TenantsBuilder builder =
        new TenantsBuilder(System.getenv(), keys, ConnectorFolders.kinds(connectors));
    return new TenantsDesk(
        settings.path("hub.tenants.file"), builder, new VersionsKept(data.resolve("versions")));
  }

  private static AdminsWatch admins(HubSettings settings, Terminal terminal) {
    AdminKeyFile own = new AdminKeyFile(settings.path("hub.data.directory"));
    return new AdminsWatch(
        settings.adminsFile(),
        () ->
            own.admin(
                new SecureRandom(),
                file ->
                    terminal.important(
                        "Key of the administration port: kept in " + file + ", for its owner")));
  }

  private Backends startServers(HubSettings settings) {
    Path data = settings.path("hub.data.directory");
    servers =
        EmbeddedServices.start(
            EmbeddedSettings.in(data, settings.number("hub.embedded.shards")), terminal::line);
    return EmbeddedBackends.of(servers.addresses());
  }

  EmbeddedServices servers() {
    return servers;
  }

  /** Waits until somebody closes the hub. */
  void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public synchronized void close() {
    if (closed.getCount() == 0) {
      return;
    }
    if (tenants != null) {
      tenants.close();
    }
    if (admins != null) {
      admins.close();
    }
    if (hub != null) {
      hub.close();
    }
    if (servers != null) {
      servers.close();
    }
    closed.countDown();
  }
}
