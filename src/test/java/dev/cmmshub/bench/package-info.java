/** Measures the hub beside hand-written baselines in the same run; {@code ./hub bench}. */
package dev.cmmshub.bench;
