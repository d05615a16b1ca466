/** The real Kafka, PostgreSQL and Redis that the default profile runs itself, on loopback only. */
package dev.cmmshub.embedded;
