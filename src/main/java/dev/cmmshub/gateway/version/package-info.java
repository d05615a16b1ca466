/** Which versions of the HTTP API there are, what becomes of them, and how callers are told. */
package dev.cmmshub.gateway.version;
