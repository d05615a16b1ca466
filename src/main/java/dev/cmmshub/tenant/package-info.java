/**
 * Who uses the hub: tenants, their systems, keys and subscriptions as {@code tenants.yaml} says.
 */
package dev.cmmshub.tenant;
