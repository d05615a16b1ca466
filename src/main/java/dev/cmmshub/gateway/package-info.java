/**
 * What stands between the outside and the event broker: credentials, problem details, the event's
 * envelope.
 */
package dev.cmmshub.gateway;
