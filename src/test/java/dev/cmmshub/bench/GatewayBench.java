package dev.cmmshub.bench;

import java.nio.file.Path;

/** Requests a second. */
final class GatewayBench {
  GatewayBench(Path data, int requests, int connections, int rounds) {}

  Result run() {
    throw new UnsupportedOperationException();
  }
}
