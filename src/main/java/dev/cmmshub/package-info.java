/** The composition root: the one place that says {@code new} for services. */
package dev.cmmshub;
