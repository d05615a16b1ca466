package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Builds tenants from a file that fits its schema: defaults, secret references, issued keys. What
 * the schema cannot say is checked here and noted where it stands.
 */
public final class TenantsBuilder {

  /** Stands for keys that are not made; of two keys no two are the same. */
  private static final KeysBuilder.Issuer NOBODY = (tenant, key) -> KeyHash.of(tenant + "/" + key);

  private final KeysBuilder.Issuer issuer;
  private final KeysBuilder.Issuer looker;
  private final SystemsBuilder systems;
  private final SubscriptionsBuilder subscriptions;

  /**
   * @param environment where <code>{{env:NAME}}</code> is looked up
   * @param connectors names a system may use, each with what it takes
   */
  public TenantsBuilder(
      Map<String, String> environment, IssuedKeys issuedKeys, Map<String, SystemKind> connectors) {
    this(
        issuedKeys::hashOf,
        (tenant, key) -> issuedKeys.known(tenant, key).orElseGet(() -> NOBODY.hashOf(tenant, key)),
        new SystemsBuilder(connectors, new SecretReferences(environment)::resolve),
        new SubscriptionsBuilder(new SecretReferences(environment)::resolve));
  }

  private TenantsBuilder(
      KeysBuilder.Issuer issuer,
      KeysBuilder.Issuer looker,
      SystemsBuilder systems,
      SubscriptionsBuilder subscriptions) {
    this.issuer = issuer;
    this.looker = looker;
    this.systems = systems;
    this.subscriptions = subscriptions;
  }

  /** One that reads the same and issues no keys, for a look at what may be used later. */
  public TenantsBuilder dry() {
    return new TenantsBuilder(looker, looker, systems, subscriptions);
  }

  /**
   * One that issues no keys, for a look at a file.
   *
   * @param environment empty when no reference is to be looked up
   */
  public static TenantsBuilder dry(
      Optional<Map<String, String>> environment, Map<String, SystemKind> connectors) {
    SecretResolver secrets =
        environment
            .<SecretResolver>map(e -> new SecretReferences(e)::resolve)
            .orElse(SecretReferences::unresolved);
    return new TenantsBuilder(
        NOBODY, NOBODY, new SystemsBuilder(connectors, secrets), new SubscriptionsBuilder(secrets));
  }

  /** Notes what is wrong, and makes no keys. */
  void check(Field root) {
    tenants(root, NOBODY);
    BudgetsBuilder.build(root.at("budgets"));
  }

  /** Of a file in which nothing is wrong. */
  Tenants build(Field root, String version) {
    return new Tenants(tenants(root, issuer), BudgetsBuilder.build(root.at("budgets")), version);
  }

  private List<Tenant> tenants(Field root, KeysBuilder.Issuer issuer) {
    List<Tenant> tenants = new ArrayList<>();
    KeysBuilder keys = new KeysBuilder(issuer);
    HookTokens hooks = new HookTokens();
    TokensBuilder tokens = new TokensBuilder();
    Field defaults = root.at("defaults");
    RetryPolicy retry = retry(defaults.at("retry"), RetryPolicy.DEFAULT);
    Limits limits = LimitsBuilder.build(defaults.at("limits"), Limits.DEFAULT);
    root.at("tenants")
        .fields()
        .forEach(
            (id, field) -> {
              Limits own = LimitsBuilder.build(field.at("limits"), limits);
              List<ApiKey> issued = keys.build(id, field.at("keys"), own);
              List<TokenIssuer> trusted = tokens.build(field.at("tokens"), issued, own);
              Optional<Tenant> tenant = tenant(id, field, issued, trusted, hooks, retry, own);
              tenant.ifPresent(sound -> tokens.tellApart(sound, field.at("tokens")));
              tenant.ifPresent(tenants::add);
            });
    return tenants;
  }

  private Optional<Tenant> tenant(
      String id,
      Field field,
      List<ApiKey> keys,
      List<TokenIssuer> tokens,
      HookTokens hooks,
      RetryPolicy retry,
      Limits limits) {
    Field observers = field.at("subscriptions");
    Set<String> names = field.at("systems").fields().keySet();
    Map<String, TenantSystem> built =
        systems.build(id, field.at("systems"), told(observers), hooks);
    List<Subscription> subscribed = subscriptions.build(observers, names);
    Map<String, String> mappings = mappings(field.at("mappings"), names);
    Map<String, Map<String, String>> own =
        systems.codes().build(field.at("codes"), field.at("systems"));
    List<ExpectedFlow> flows =
        FlowsBuilder.build(
            field.at("flows"),
            names,
            subscribed.stream().map(Subscription::id).collect(Collectors.toSet()));
    List<BatchDefinition> batch =
        systems.batch().build(field.at("batch"), field.at("systems"), built);
    if (!field.isSound()) {
      return Optional.empty();
    }
    return Optional.of(
        new Tenant(
            id,
            field.at("enabled").flag(true),
            keys,
            tokens,
            built,
            subscribed,
            mappings,
            own,
            flows,
            batch,
            retry(field.at("retry"), retry),
            limits,
            field.at("api").texts(),
            field.at("shard").text()));
  }

  /** What subscriptions name; those that are systems are written to. */
  private static Set<String> told(Field subscriptions) {
    return subscriptions.items().stream()
        .flatMap(node -> node.at("to").text().stream())
        .collect(Collectors.toSet());
  }

  private static Map<String, String> mappings(Field mappings, Set<String> systems) {
    Map<String, String> files = new TreeMap<>();
    mappings
        .fields()
        .forEach(
            (name, field) -> {
              String system = name.substring(0, Math.max(0, name.indexOf('/')));
              if (field.isSound() && !systems.contains(system)) {
                field.wrong(
                    "'"
                        + system
                        + "': "
                        + Nearest.didYouMean(system, systems)
                        + "expected one of the tenant's systems: "
                        + String.join(", ", new TreeSet<>(systems)));
              }
              field.text().ifPresent(file -> files.put(name, existing(field, file)));
            });
    return files;
  }

  private static String existing(Field field, String file) {
    if (Files.notExists(Path.of(file))) {
      field.wrong("'" + file + "': there is no such file");
    }
    return file;
  }

  private static RetryPolicy retry(Field retry, RetryPolicy otherwise) {
    List<Duration> schedule = retry.at("schedule").texts().stream().map(Units::duration).toList();
    return new RetryPolicy(
        schedule.isEmpty() ? otherwise.schedule() : schedule,
        retry.at("maxAge").text().map(Units::duration).orElse(otherwise.maxAge()));
  }
}
