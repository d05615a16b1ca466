/** The jobs of bulk loads, as the shards know them. */
package dev.cmmshub.store.bulk;
