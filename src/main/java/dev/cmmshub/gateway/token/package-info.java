/** Tokens of identity providers (JWT): whom they speak for, and the keys that prove it. */
package dev.cmmshub.gateway.token;
