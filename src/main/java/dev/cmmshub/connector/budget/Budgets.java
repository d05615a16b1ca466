package dev.cmmshub.connector.budget;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.tenant.Budget;
import dev.cmmshub.tenant.Tenants;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps to the budgets that {@code tenants.yaml} names, by the host (and port) that is called: the
 * tenants that call it take turns. Hosts without a budget are called at once. Each node has its
 * share of a budget, and at least one call at once.
 */
public final class Budgets implements AutoCloseable {
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  private final Supplier<Tenants> tenants;
  private final int nodes;
  private final Clock clock;
  private final Map<String, Turnstile> turnstiles = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = Daemons.ticker("budgets");

  /**
   * @param nodes how many processes serve the same tenants
   */
  public Budgets(Supplier<Tenants> tenants, int nodes, Clock clock) {
    this.tenants = tenants;
    this.nodes = nodes;
    this.clock = clock;
  }

  /**
   * Calls when it is the tenant's turn.
   *
   * @param address of the receiver, a URL
   * @return as the call ends; fails with {@link HeldBackException} without a call
   */
  public CompletableFuture<Void> call(
      String tenant, String address, Supplier<CompletionStage<Void>> call) {
    return turnstile(address)
        .map(turnstile -> turnstile.enter(tenant, call))
        .orElseGet(() -> call.get().toCompletableFuture());
  }

  /** Takes one call out of the budget, unless the receiver is not to be called now. */
  public boolean mayCall(String address) {
    return turnstile(address).map(Turnstile::pass).orElse(true);
  }

  /** The receiver asked to be left alone so long, at most an hour. */
  public void rest(String address, Duration asked) {
    turnstile(address)
        .ifPresent(
            turnstile -> turnstile.rest(asked.compareTo(LONGEST_REST) < 0 ? asked : LONGEST_REST));
  }

  private Optional<Turnstile> turnstile(String address) {
    Map<String, Budget> budgets = tenants.get().budgets();
    return budgets.isEmpty()
        ? Optional.empty()
        : place(address, budgets.keySet()).map(place -> open(place, budgets.get(place)));
  }

  /**
   * Which of these budgets calls of an address count to.
   *
   * @param budgets by host or host and port
   */
  public static Optional<String> place(String address, Set<String> budgets) {
    return places(address).filter(budgets::contains).findFirst();
  }

  private Turnstile open(String place, Budget budget) {
    Turnstile turnstile =
        turnstiles.computeIfAbsent(place, name -> new Turnstile(name, timer, clock));
    turnstile.keepTo(budget, nodes);
    return turnstile;
  }

  /** Host and port, and the host; none of what is no address, which whoever calls it tells. */
  private static Stream<String> places(String address) {
    try {
      URI uri = new URI(address);
      String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
      return Stream.of(host + ':' + (uri.getPort() < 0 ? usualPort(uri) : uri.getPort()), host);
    } catch (URISyntaxException e) {
      return Stream.empty();
    }
  }

  private static int usualPort(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
