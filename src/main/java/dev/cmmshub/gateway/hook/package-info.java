/** Signatures of systems that push with a scheme of their own. */
package dev.cmmshub.gateway.hook;
