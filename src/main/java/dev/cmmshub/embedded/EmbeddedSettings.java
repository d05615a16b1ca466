package dev.cmmshub.embedded;

import java.nio.file.Path;

/**
 * What is started where.
 *
 * @param dataDirectory everything is kept below it, ports and passwords too
 * @param shards how many PostgreSQL clusters, named a, b, …
 * @param kafkaPort 0 for the port of last time, or a free one
 * @param durable whether PostgreSQL syncs each commit; without, a power loss corrupts its clusters
 */
public record EmbeddedSettings(Path dataDirectory, int shards, int kafkaPort, boolean durable) {
  private static final int MOST_SHARDS = 16;

  public EmbeddedSettings {
    if (shards < 1 || shards > MOST_SHARDS) {
      throw new IllegalArgumentException("hub.embedded.shards: expected 1 to 16, not " + shards);
    }
    LoopbackPorts.checked(kafkaPort);
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
  }

  /** Durable, on the ports of last time or free ones. */
  public static EmbeddedSettings in(Path dataDirectory, int shards) {
    return new EmbeddedSettings(dataDirectory, shards, 0, true);
  }
}
