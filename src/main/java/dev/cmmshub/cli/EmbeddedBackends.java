package dev.cmmshub.cli;

import dev.cmmshub.Backends;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.store.ShardSettings;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Secret;
import java.security.SecureRandom;

/** What the hub needs to know of the servers it started itself. */
public final class EmbeddedBackends {
  private EmbeddedBackends() {}

  /** The service's password is new at each start: nobody else needs to know it. */
  public static Backends of(EmbeddedAddresses addresses) {
    SecureRandom random = new SecureRandom();
    return new Backends(
        addresses.kafkaBootstrap(),
        addresses.shards().stream()
            .map(
                shard ->
                    new ShardSettings(
                        shard.name(),
                        shard.jdbcUrl(),
                        shard.adminUser(),
                        new Secret(shard.adminPassword()),
                        new Secret(KeyHash.newKey(random))))
            .toList(),
        addresses.redisHost(),
        addresses.redisPort(),
        new Secret(addresses.redisPassword()));
  }
}
