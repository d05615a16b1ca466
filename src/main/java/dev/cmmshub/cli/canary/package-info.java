/** A record that is sent through the hub to see whether it still goes through. */
package dev.cmmshub.cli.canary;
