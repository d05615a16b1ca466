/**
 * The shards (PostgreSQL) that hold each tenant's objects, and the cache (Redis) in front of them.
 */
package dev.cmmshub.store;
