/** Faults the hub must survive, with real processes and a ledger of every accepted event. */
package dev.cmmshub.faults;
