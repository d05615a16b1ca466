/**
 * The event envelope (CloudEvents), its key and the canonical schemas; imports nothing of the hub.
 */
package dev.cmmshub.message;
