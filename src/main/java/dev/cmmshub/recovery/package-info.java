/** What happens to failures: verdicts, the retry service, parked events, dead letters. */
package dev.cmmshub.recovery;
