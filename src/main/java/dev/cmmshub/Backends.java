package dev.cmmshub;

import dev.cmmshub.store.ShardSettings;
import dev.cmmshub.tenant.Secret;
import java.util.List;

/** The servers a hub works with, whoever started them. */
public record Backends(
    String kafkaBrokers,
    List<ShardSettings> shards,
    String redisHost,
    int redisPort,
    Secret redisPassword) {}
