/** What operators do with dead letters: find, look, edit, put back, discard. */
package dev.cmmshub.recovery.letter;
