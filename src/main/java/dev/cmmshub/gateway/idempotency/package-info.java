/** What was answered under an {@code Idempotency-Key}, shared by all nodes through Redis. */
package dev.cmmshub.gateway.idempotency;
