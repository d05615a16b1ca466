/** What a running hub does now, read from its metrics twice. */
package dev.cmmshub.cli.top;
