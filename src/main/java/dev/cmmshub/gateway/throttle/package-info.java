/** How much a tenant and a key may use: buckets that all nodes share, without waiting for them. */
package dev.cmmshub.gateway.throttle;
