/** CloudEvents 1.0 as HTTP carries them: structured, binary and in batches. */
package dev.cmmshub.gateway.cloudevents;
