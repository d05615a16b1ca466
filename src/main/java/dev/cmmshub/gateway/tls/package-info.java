/** TLS of the hub's own ports: certificates in files that may change, and clients that show one. */
package dev.cmmshub.gateway.tls;
