package dev.cmmshub.store;

import dev.cmmshub.tenant.Secret;

/**
 * How to reach one shard.
 *
 * @param ownerUser migrates the schema and owns the tables
 * @param servicePassword of the role {@code hub_service}, which owns nothing
 */
public record ShardSettings(
    String name, String jdbcUrl, String ownerUser, Secret ownerPassword, Secret servicePassword) {
  /** The role the hub works with. */
  public static final String SERVICE_ROLE = "hub_service";
}
