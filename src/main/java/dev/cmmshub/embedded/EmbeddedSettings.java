package dev.cmmshub.embedded;

import java.nio.file.Path;

/**
 * What is started where.
 *
 * @param dataDirectory everything is kept below it, ports and passwords too
 * @param shards how many PostgreSQL clusters, named a, b, …
 */
public record EmbeddedSettings(Path dataDirectory, int shards) {
  private static final int MOST_SHARDS = 16;

  public EmbeddedSettings {
    if (shards < 1 || shards > MOST_SHARDS) {
      throw new IllegalArgumentException("hub.embedded.shards: expected 1 to 16, not " + shards);
    }
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
  }

  public static EmbeddedSettings in(Path dataDirectory, int shards) {
    return new EmbeddedSettings(dataDirectory, shards);
  }
}
