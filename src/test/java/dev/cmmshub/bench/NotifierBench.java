package dev.cmmshub.bench;

import java.nio.file.Path;

/** Deliveries a second. */
final class NotifierBench {
  NotifierBench(Path data, int events, int rounds) {}

  Result run(boolean json) {
    throw new UnsupportedOperationException();
  }
}
