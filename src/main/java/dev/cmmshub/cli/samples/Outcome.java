package dev.cmmshub.cli.samples;

import java.nio.file.Path;
import java.util.List;

/**
 * What came of one sample.
 *
 * @param set a connector, or a tenant's system
 * @param wrong in words; empty when it is as expected
 */
record Outcome(String set, Path sample, List<String> wrong) {
  Outcome {
    wrong = List.copyOf(wrong);
  }
}
