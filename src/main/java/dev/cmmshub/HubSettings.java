package dev.cmmshub;

import dev.cmmshub.gateway.tls.TlsFiles;
import dev.cmmshub.gateway.tls.TlsFiles.Clients;
import dev.cmmshub.store.ShardSettings;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The settings of one hub: the defaults of {@code application.properties} in the jar, then a file
 * of the same name beside the hub (or {@code --config}), then the environment ({@code
 * HUB_HTTP_PORT} for {@code hub.http.port}), then the command line; the last word counts.
 */
public final class HubSettings {
  private final Properties properties;

  private HubSettings(Properties properties) {
    this.properties = properties;
  }

  /**
   * @param file may be absent
   */
  public static HubSettings load(
      Path file, Map<String, String> environment, Map<String, String> commandLine) {
    Properties properties = new Properties();
    try (InputStream defaults = HubSettings.class.getResourceAsStream("/application.properties")) {
      properties.load(defaults);
      if (Files.exists(file)) {
        try (InputStream own = Files.newInputStream(file)) {
          properties.load(own);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("HUB_")) {
            properties.setProperty(property(properties, name), value);
          }
        });
    commandLine.forEach(properties::setProperty);
    return new HubSettings(properties);
  }

  /** Names of settings hold capitals and hyphens that an environment variable cannot. */
  private static String property(Properties known, String variable) {
    for (String name : known.stringPropertyNames()) {
      if (variable.equals(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))) {
        return name;
      }
    }
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** All settings that start with {@code hub.} or {@code camel.}, for Camel's placeholders. */
  public Properties all() {
    return properties;
  }

  /**
   * The value of a setting.
   *
   * @throws IllegalArgumentException when it is missing
   */
  public String text(String name) {
    String value = properties.getProperty(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          name
              + " is not set: put it into application.properties or "
              + "the environment as "
              + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }
    return value.trim();
  }

  public int number(String name) {
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": '" + text(name) + "': expected a number", e);
    }
  }

  /** A duration such as 5s or 15m. */
  public Duration duration(String name) {
    return read(name, Units::duration);
  }

  /** Bytes, such as 2MB. */
  public long size(String name) {
    return read(name, Units::bytes);
  }

  private <T> T read(String name, Function<String, T> form) {
    try {
      return form.apply(text(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** Names, comma separated; none when it is empty. */
  public List<String> list(String name) {
    String value = properties.getProperty(name, "").trim();
    return value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*"));
  }

  public Path path(String name) {
    return Path.of(text(name));
  }

  /**
   * Who may use the administration port: {@code admins.yaml} beside {@code tenants.yaml}, which
   * need not be there.
   *
   * @throws IllegalArgumentException when another file is set and not there
   */
  public Path adminsFile() {
    String set = properties.getProperty("hub.admin.file", "").trim();
    if (set.isEmpty()) {
      return path("hub.tenants.file").resolveSibling("admins.yaml");
    }
    if (Files.notExists(Path.of(set))) {
      throw new IllegalArgumentException(
          "hub.admin.file: there is no " + set + ": write it, or leave the setting empty");
    }
    return Path.of(set);
  }

  /** A secret of its own or in the file that {@code <name>-file} names. */
  public Secret secret(String name) {
    // From the environment a name comes without its hyphen.
    String file = properties.getProperty(name + "-file", properties.getProperty(name + ".file"));
    try {
      return file == null || file.isBlank()
          ? new Secret(text(name))
          : new Secret(Files.readString(Path.of(file)).stripTrailing());
    } catch (IOException e) {
      throw new UncheckedIOException(name + "-file: " + file + " cannot be read", e);
    }
  }

  /**
   * What a port speaks TLS with; empty when its settings are.
   *
   * @param port {@code hub.http} or {@code hub.admin}
   * @throws IllegalArgumentException naming the setting that is missing or wrong
   */
  public Optional<TlsFiles> tls(String port) {
    String prefix = port + ".tls.";
    Optional<Path> authorities = given(prefix + "client-authorities").map(Path::of);
    String asked = given(prefix + "clients").orElse("none");
    Clients clients =
        Stream.of(Clients.values())
            .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(asked))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        prefix + "clients: '" + asked + "': expected none, offered or required"));
    if (given(prefix + "certificate").isEmpty() && given(prefix + "key").isEmpty()) {
      if (clients != Clients.NONE || authorities.isPresent()) {
        throw new IllegalArgumentException(
            prefix + "clients needs TLS: set " + prefix + "certificate and " + prefix + "key");
      }
      return Optional.empty();
    }
    return Optional.of(
        new TlsFiles(path(prefix + "certificate"), path(prefix + "key"), clients, authorities));
  }

  private Optional<String> given(String name) {
    return Optional.of(properties.getProperty(name, "").trim()).filter(text -> !text.isEmpty());
  }

  /** What this node is called: {@code hub.node}, or the machine's name and the process' number. */
  public String node() {
    String given = properties.getProperty("hub.node", "");
    if (!given.isBlank()) {
      return given.trim();
    }
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "node";
    }
    return host + '-' + ProcessHandle.current().pid();
  }

  /** Where Kafka, the shards and Redis of the profile {@code external} are. */
  public Backends external() {
    List<ShardSettings> shards = new ArrayList<>();
    for (String shard : text("hub.shards").split("\\s*,\\s*")) {
      String prefix = "hub.shard." + shard + ".";
      normalize(shard);
      shards.add(
          new ShardSettings(
              shard,
              text(prefix + "url"),
              text(prefix + "owner-user"),
              secret(prefix + "owner-password"),
              secret(prefix + "service-password")));
    }
    return new Backends(
        text("hub.kafka.brokers"),
        shards,
        text("hub.redis.host"),
        number("hub.redis.port"),
        secret("hub.redis.password"));
  }

  /** A shard's settings from the environment come without hyphens; gives them their real names. */
  private void normalize(String shard) {
    String prefix = "hub.shard." + shard + ".";
    String plain = "hub.shard." + shard.replace('-', '.') + ".";
    for (String name :
        List.of(
            "url",
            "owner-user",
            "owner-password",
            "owner-password-file",
            "service-password",
            "service-password-file")) {
      String value = properties.getProperty(plain + name.replace('-', '.'));
      if (value != null) {
        properties.putIfAbsent(prefix + name, value);
      }
    }
  }
}
