/** Finds events on the shards and tells their whole way, without changing anything. */
package dev.cmmshub.store.event;
