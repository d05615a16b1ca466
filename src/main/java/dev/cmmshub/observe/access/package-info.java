/** Who may use the administration port, as {@code admins.yaml} says, and for what. */
package dev.cmmshub.observe.access;
