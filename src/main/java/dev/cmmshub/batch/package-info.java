/** Bulk loads: many rows at once, in jobs that can be stopped and gone on with. */
package dev.cmmshub.batch;
