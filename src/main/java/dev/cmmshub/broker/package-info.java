/**
 * The event broker: topics, CloudEvents as Kafka records, publishing, and acknowledging what was
 * consumed.
 */
package dev.cmmshub.broker;
