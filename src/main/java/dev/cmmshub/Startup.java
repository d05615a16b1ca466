package dev.cmmshub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Does independent parts of the start at the same time. */
final class Startup {
  private Startup() {}

  /** Returns when all ended; throws the first failure of them. */
  static void inParallel(Runnable... parts) {
    List<CompletableFuture<Void>> running =
        Stream.of(parts).map(CompletableFuture::runAsync).toList();
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
