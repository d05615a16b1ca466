/** Runs the samples of connectors and of tenants, and tells what is other than expected. */
package dev.cmmshub.cli.samples;
