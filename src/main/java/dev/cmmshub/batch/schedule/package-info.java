/** Loads that come again: when it is time, who begins them, and how each run goes on. */
package dev.cmmshub.batch.schedule;
