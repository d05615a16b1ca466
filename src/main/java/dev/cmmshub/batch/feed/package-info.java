/** Jobs whose rows the hub itself fetches. */
package dev.cmmshub.batch.feed;
