package dev.cmmshub.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.locks.LockSupport;

/**
 * Says of each accepted event what became of it, from ledger, topics, shards and receivers: from
 * nothing the hub says of itself.
 */
final class Oracle {
  /** How long after the last accepted event all must be settled. */
  static final Duration QUIET = Duration.ofSeconds(60);

  private final Path folder;
  private final OracleSources sources;

  /**
   * @param folder holds {@code ledger}, {@code receipts} and {@code oracle.json}
   */
  Oracle(Path folder) throws IOException {
    this.folder = folder;
    this.sources = OracleSources.read(folder);
  }

  /** Waits until nothing is open, but not longer than this. */
  Findings settle(Duration longest) throws SQLException, IOException {
    long begin = System.nanoTime();
    try (TopicReader topics = new TopicReader(sources.brokers())) {
      Findings findings = look(topics);
      while (!findings.open().isEmpty() && System.nanoTime() - begin < longest.toNanos()) {
        LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        findings = look(topics);
      }
      return findings;
    }
  }

  private Findings look(TopicReader topics) throws SQLException, IOException {
    return Findings.of(
        Ledger.read(folder.resolve("ledger")),
        Shelves.read(sources.shards(), sources.tenants()),
        new HashSet<>(topics.all(sources.prefix() + ".canonical")),
        Receipts.read(folder.resolve("receipts")));
  }
}
