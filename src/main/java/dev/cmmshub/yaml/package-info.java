/** Files that people write in YAML: what they say, and every mistake in them with its place. */
package dev.cmmshub.yaml;
