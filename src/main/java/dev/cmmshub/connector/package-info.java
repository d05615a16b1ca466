/** Connector folders: what they declare, and the running instances of their sinks. */
package dev.cmmshub.connector;
