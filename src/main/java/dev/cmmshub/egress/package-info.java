/** Which addresses the hub may connect to, and for whom. Imports nothing of the hub. */
package dev.cmmshub.egress;
