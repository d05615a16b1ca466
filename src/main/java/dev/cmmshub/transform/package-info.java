/**
 * Translates what systems sent into the canonical model, by JSLT mappings and a function library.
 */
package dev.cmmshub.transform;
