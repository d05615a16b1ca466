package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedAddresses;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.concurrent.locks.LockSupport;

/** Says of each accepted event what became of it, from shards, topics and receivers. */
final class Oracle {
  private static final Duration QUIET = Duration.ofSeconds(60);

  private final EmbeddedAddresses servers;
  private final Collection<String> tenants;
  private final String canonicalTopic;
  private final Ledger ledger;
  private final HookReceiver hooks;

  Oracle(
      EmbeddedAddresses servers,
      Collection<String> tenants,
      String canonicalTopic,
      Ledger ledger,
      HookReceiver hooks) {
    this.servers = servers;
    this.tenants = tenants;
    this.canonicalTopic = canonicalTopic;
    this.ledger = ledger;
    this.hooks = hooks;
  }

  /** Waits at most 60 s until nothing is open. */
  Verdict settle() throws SQLException {
    long begin = System.nanoTime();
    try (TopicReader topics = new TopicReader(servers.kafkaBootstrap())) {
      Verdict verdict = look(topics);
      while (!verdict.open().isEmpty() && System.nanoTime() - begin < QUIET.toNanos()) {
        LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        verdict = look(topics);
      }
      return verdict;
    }
  }

  private Verdict look(TopicReader topics) throws SQLException {
    return Verdict.of(
        ledger.entries(),
        Shelves.read(servers.shards(), tenants),
        new HashSet<>(topics.all(canonicalTopic)),
        hooks);
  }
}
