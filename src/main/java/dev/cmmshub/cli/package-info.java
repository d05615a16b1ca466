/** The commands behind {@code ./hub}. */
package dev.cmmshub.cli;
